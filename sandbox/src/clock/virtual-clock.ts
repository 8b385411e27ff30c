import { Clock } from '../ports';

/**
 * Virtual time. It stands still unless it is moved; with a `realTimeFactor` it runs: so many virtual milliseconds pass per
 * real millisecond, beside being moved.
 */
export class VirtualClock implements Clock {
  private base: number;
  private since = performance.now();

  constructor(readonly start: number, readonly realTimeFactor = 0) {
    this.base = start;
  }

  now(): number {
    return this.realTimeFactor === 0 ? this.base : Math.floor(this.base + (performance.now() - this.since) * this.realTimeFactor);
  }

  /** Never goes back: an earlier time leaves the clock as it is. */
  moveTo(time: number): void {
    if (time > this.now()) {
      this.setTo(time);
    }
  }

  reset(time = this.start): void {
    this.setTo(time);
  }

  private setTo(time: number): void {
    this.base = time;
    this.since = performance.now();
  }
}
