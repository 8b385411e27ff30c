import type { Breaker } from './breaker';
import type { Ready } from './bucket-work';
import type { MeteringOptions } from './options';
import { prepare, type PrepareTools } from './prepare';
import type { Refusals } from './refusals';
import type { RunState } from './run-state';
import type { Sender } from './sender';
import type { Candidate, Group } from './set-aside';
import { bucketId } from '../domain/usage/ledger/bucket';

export interface SecondTryTools extends PrepareTools {
  readonly breaker: Breaker;
  readonly sender: Sender;
  readonly refusals: Refusals;
  readonly mayGoOn: () => Promise<boolean>;
}

/**
 * Sends what was set aside, apart from all others: one record alone, and after each call that was taken twice as many.
 * So a cause that is gone is found with one call, and a record that is still refused costs one or two.
 */
export class SecondTry {
  constructor(private readonly options: MeteringOptions, private readonly run: RunState, private readonly tools: SecondTryTools) {}

  /**
   * Each group has its turn, call by call.
   *
   * @param budget calls that may be refused
   * @returns false: there was no time for all
   */
  async all(groups: readonly Group[], budget = Number.POSITIVE_INFINITY): Promise<boolean> {
    const waiting = [...groups];
    let refused = 0;
    while (waiting.length > 0 && refused < budget && await this.mayGoOn()) {
      const group = waiting.shift()!;
      if (await this.turn(group)) {
        refused += 1;
      }
      if (!group.empty) {
        waiting.push(group);
      }
    }
    for (const group of waiting) {
      group.names.forEach((unit) => this.leave(group, unit));
    }
    return waiting.length === 0;
  }

  private async mayGoOn(): Promise<boolean> {
    return this.run.maySend() && !this.tools.breaker.open && await this.tools.mayGoOn();
  }

  /** Whether the call was refused. */
  private async turn(group: Group): Promise<boolean> {
    const { sender, refusals } = this.tools;
    const candidates = group.next();
    const ready = await prepare(this.options, this.run, this.tools, candidates.map(({ bucket }) => bucket));
    const going = sender.fitting(ready);
    candidates.filter((candidate) => !has(ready, candidate)).forEach((candidate) => group.remove(candidate));
    if (going.length === 0) {
      return false;
    }

    const sent = candidates.filter((candidate) => has(going, candidate));
    const told = await sender.attempt(going);
    if (told === 'REFUSED') {
      group.narrow();
      if (sent.length === 1) {
        group.remove(sent[0]);
        this.leave(group, sent[0].unit);
      }
      return true;
    }
    if (told === 'ANSWERED') {
      group.widen();
      sent.forEach(({ unit }) => refusals.forget(unit));
    }
    sent.forEach((candidate) => group.remove(candidate));
    return false;
  }

  private leave(group: Group, unit: string): void {
    group.removeUnit(unit).forEach(() => this.run.wait('Refused'));
  }
}

function has(ready: readonly Ready[], { bucket }: Candidate): boolean {
  return ready.some(({ meta }) => bucketId(meta.bucket) === bucketId(bucket));
}
