import type { Clock } from '../domain/clock';
import type { ControlStore } from '../domain/usage/ports';

/** Lets one run at a time use the quota of the API. Nothing else depends on it. */
export class Lease {
  constructor(private readonly control: ControlStore, private readonly clock: Clock, private readonly owner: string) {}

  /** Taken once, for all of a run: a run that dies delays the next one until its deadline. False: another run has it. */
  async take(deadline: number): Promise<boolean> {
    return this.control.acquireLease(this.owner, this.clock.now(), deadline);
  }

  /** The lease of another run stays. */
  async release(): Promise<void> {
    await this.control.releaseLease(this.owner);
  }
}
