import { SECOND_MS } from '../../domain/time';

/** Errors after which the same call may succeed. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'ThrottlingException', 'InternalServerException', 'InternalServiceErrorException', 'ServiceUnavailableException', 'TimeoutError',
  'ECONNRESET', 'ECONNREFUSED',
]);

export interface PacedCallsOptions {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Name of an error of AWS, or the code of an error of the connection. */
export function errorNameOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string };
  return code && TRANSIENT.has(code) ? code : name ?? 'UnknownError';
}

export function isTransient(name: string): boolean {
  return TRANSIENT.has(name);
}

/**
 * Keeps the calls to one API at a distance, and tries a throttled or failed call again with backoff: after up to 1, 2, 4, …
 * seconds, each by up to half less.
 */
export class PacedCalls {
  private nextCallAt = 0;

  constructor(private readonly intervalMs: number, private readonly attempts: number, private readonly options: PacedCallsOptions) {}

  async run<T>(send: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      await this.waitForPace();
      try {
        return await send();
      } catch (error) {
        if (!isTransient(errorNameOf(error)) || attempt === this.attempts) {
          throw error;
        }
        const longest = 2 ** (attempt - 1) * SECOND_MS;
        await this.options.sleep(Math.round(longest * (1 - this.options.random() / 2)));
      }
    }
  }

  private async waitForPace(): Promise<void> {
    const { now, sleep } = this.options;
    const wait = this.nextCallAt - now();
    // Much longer: the clock was set back since the last call.
    if (wait > 0 && wait <= 2 * this.intervalMs) {
      await sleep(Math.min(wait, this.intervalMs));
    }
    this.nextCallAt = now() + this.intervalMs;
  }
}
