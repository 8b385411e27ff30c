import { defined } from './defined';

/**
 * Name, place, AWS request id and, where it cannot repeat what a buyer sent, message of an error: what may go into a log.
 */
export function describeError(error: unknown, options: { readonly message?: boolean } = {}): Record<string, unknown> {
  if (!(error instanceof Error)) {
    return { error: 'not an Error' };
  }
  const withMessage = options.message !== false;
  return defined({
    error: error.name,
    at: withMessage ? undefined : placeOf(error),
    // Not `message`: a reserved key of the logger, which drops it.
    reason: withMessage ? error.message : undefined,
    awsRequestId: (error as { $metadata?: { requestId?: string } }).$metadata?.requestId,
  });
}

/** The first frame of the stack; the lines above it repeat the message. */
function placeOf({ stack = '' }: Error): string | undefined {
  return stack.split('\n').map((line) => line.trim()).find((line) => /^at .*:\d+:\d+\)?$/.test(line));
}
