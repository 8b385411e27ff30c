import type { Clock } from '../domain/clock';
import type { ControlStore } from '../domain/usage/store';

/** Unknown outcomes in a row, within one run, after which the run stops sending. */
export const MAX_FAILED_PROBES = 3;

/**
 * Open after a call of which nobody knows what was taken. While it is open, one record at a time is sent: all others
 * stay certainly unsent. Runs hand it on.
 */
export class Breaker {
  static async load(control: ControlStore, clock: Clock): Promise<Breaker> {
    return new Breaker(control, clock, await control.isBreakerOpen());
  }

  failures = 0;

  private constructor(private readonly control: ControlStore, private readonly clock: Clock, private openNow: boolean) {}

  get open(): boolean {
    return this.openNow;
  }

  async trip(): Promise<void> {
    this.failures += 1;
    if (this.openNow) return;
    this.openNow = true;
    await this.control.setBreaker(true, this.clock.now());
  }

  async reset(): Promise<void> {
    this.failures = 0;
    if (!this.openNow) return;
    this.openNow = false;
    await this.control.setBreaker(false, this.clock.now());
  }
}
