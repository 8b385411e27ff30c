import type { Clock } from '../domain/clock';
import { SECOND_MS } from '../domain/usage/ledger/hour';
import type { ControlStore } from '../domain/usage/ports';

/** Short, so that a run that died does not keep the next one from working. */
const LEASE_MS = 60 * SECOND_MS;

/** Lets one run at a time use the quota of the API. Nothing else depends on it. */
export class Lease {
  private until = 0;

  constructor(private readonly control: ControlStore, private readonly clock: Clock, private readonly owner: string) {}

  /** False when another run has it. */
  async keep(): Promise<boolean> {
    const now = this.clock.now();
    if (this.until - now > LEASE_MS / 2) {
      return true;
    }
    const kept = await this.control.acquireLease(this.owner, now, now + LEASE_MS);
    this.until = kept ? now + LEASE_MS : 0;
    return kept;
  }

  async release(): Promise<void> {
    if (this.until > 0) {
      await this.control.releaseLease(this.owner);
    }
    this.until = 0;
  }
}
