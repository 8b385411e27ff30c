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

/** The first frame of the stack. Lines of the message, which come first, may look like frames. */
function placeOf({ stack = '', message }: Error): string | undefined {
  const start = stack.indexOf(message);
  return start < 0 ? undefined : stack.slice(start + message.length).split('\n').map((line) => line.trim()).find((line) => /^at .*:\d+:\d+\)?$/.test(line));
}
