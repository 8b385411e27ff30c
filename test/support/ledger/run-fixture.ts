import { Steps } from './gate';
import { LedgerFixture, LedgerFixtureOptions } from './ledger-fixture';
import { Telemetry } from '../telemetry';

/** Runs of metering, with the operations that they take, what else happens between them, and what their log says. */
export class RunFixture extends LedgerFixture {
  readonly steps: Steps;
  readonly log: Telemetry;

  constructor(change: Omit<LedgerFixtureOptions, 'gate' | 'log'> = {}) {
    const steps = new Steps();
    const log = new Telemetry();
    super({ ...change, gate: steps, log });
    this.steps = steps;
    this.log = log;
  }

  /** Records in each call. */
  sizes(): number[] {
    return this.api.calls.map((call) => call.length);
  }

  /** Hours whose attempt to be sent may have been accepted, as far as the table shows. */
  intents(): number {
    return [...this.store.partitions.values()].filter(({ meta }) => meta?.intent !== undefined).length;
  }
}
