import type { Clock } from '../domain/clock';
import type { ControlStore } from '../domain/usage/ports';

/** Lets one run at a time use the quota of the API. Nothing else depends on it. */
export class Lease {
  private taken = false;

  constructor(private readonly control: ControlStore, private readonly clock: Clock, private readonly owner: string) {}

  /** Taken once, for all of a run: a run that dies delays the next one until its deadline. False: another run has it. */
  async take(deadline: number): Promise<boolean> {
    this.taken = await this.control.acquireLease(this.owner, this.clock.now(), deadline);
    return this.taken;
  }

  async release(): Promise<void> {
    if (this.taken) {
      await this.control.releaseLease(this.owner);
    }
  }
}
