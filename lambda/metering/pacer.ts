import type { Clock } from '../domain/clock';

/** Slots are a little further apart than the quota allows, as calls do not arrive as evenly as they leave. */
const SLACK = 1.02;
/** Nothing asks for a longer wait: a slot further ahead was given before the clock was set back. */
const LONGEST_WAIT_MS = 30_000;

/** Spreads calls evenly below a rate. */
export class Pacer {
  private nextSlot = 0;

  constructor(private readonly clock: Clock, private readonly sleep: (ms: number) => Promise<void>, private readonly callsPerSecond: number) {}

  /** Returns when the next call may leave. */
  async turn(): Promise<void> {
    const now = this.clock.now();
    const slot = this.nextSlot > now + LONGEST_WAIT_MS ? now : Math.max(now, this.nextSlot);
    this.nextSlot = slot + (1000 / this.callsPerSecond) * SLACK;
    if (slot > now) {
      await this.sleep(slot - now);
    }
  }

  /** No call leaves for this long: the service asked for fewer. */
  pauseFor(milliseconds: number): void {
    this.nextSlot = Math.max(this.nextSlot, this.clock.now() + milliseconds);
  }
}

/** Exponential backoff with jitter: `base` milliseconds doubled `attempt` times, never above `cap`, less up to half of it. */
export function backoff(attempt: number, random: () => number, base = 200, cap = 10_000): number {
  const ceiling = Math.min(cap, base * 2 ** attempt);
  return Math.round(ceiling / 2 + random() * (ceiling / 2));
}
