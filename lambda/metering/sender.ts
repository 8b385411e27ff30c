import { type Breaker, MAX_FAILED_PROBES } from './breaker';
import type { Ready } from './bucket-work';
import type { MeteringOptions } from './options';
import { OutcomeWriter } from './outcome-writer';
import { backoff, type Pacer } from './pacer';
import type { Refusals } from './refusals';
import type { RunState } from './run-state';
import { METRICS } from '../../src/names';
import { describeError } from '../adapters/aws/logging';
import { mapBounded } from '../domain/bounded';
import { tagsOf } from '../domain/usage/ledger/amounts';
import { bisect, fittingCount } from '../domain/usage/ledger/batching';
import { bucketId } from '../domain/usage/ledger/bucket';
import { hourStart } from '../domain/usage/ledger/hour';
import { SHARED_INTENT } from '../domain/usage/ledger/ledger';
import type { CallAnswer, IntentKind, MeteringRecord, RecordAnswer } from '../domain/usage/ledger/outcome';

/** A record whose intent is noted: only such a record is ever sent. */
export interface Noted {
  readonly ready: Ready;
  readonly token: string;
  readonly intent: IntentKind;
}

/** How a call is made, and what came of it. */
interface Attempt {
  /** Refused as a whole, it is halved until the record that sinks it is alone. */
  readonly halve: boolean;
  told?: 'ANSWERED' | 'REFUSED';
}

/** Calls for the same records within one run, when the service is busy. */
const MAX_ATTEMPTS = 6;

/** Sends frozen quantities: paced, one group of records a call, every outcome written at once. */
export class Sender {
  private readonly writer: OutcomeWriter;
  private probing: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: MeteringOptions,
    private readonly run: RunState,
    private readonly pacer: Pacer,
    private readonly breaker: Breaker,
    private readonly refusals: Refusals,
  ) {
    this.writer = new OutcomeWriter(options, run, refusals);
  }

  /** Sends all of `group`, in as many calls as it takes; what cannot be sent stays due. */
  async send(group: readonly Ready[]): Promise<void> {
    let rest = [...group];
    while (rest.length > 0 && this.run.maySend()) {
      if (this.breaker.open) {
        rest = await this.probe(rest);
        continue;
      }
      const count = fittingCount(rest.map(toRecord));
      const unknown = await this.call(rest.slice(0, count));
      rest = [...unknown, ...rest.slice(count)];
    }
  }

  /**
   * One call of `group`, which has to fit. REFUSED: for one of its records; when it is alone that is written, else nothing
   * is. Undefined: nothing was told, and all of it is left to a later run.
   */
  async attempt(group: readonly Ready[]): Promise<'ANSWERED' | 'REFUSED' | undefined> {
    const attempt: Attempt = { halve: false };
    await this.call(group, attempt);
    return attempt.told;
  }

  /** As many of the first as fit into one call. */
  fitting(ready: readonly Ready[]): readonly Ready[] {
    return ready.slice(0, fittingCount(ready.map(toRecord)));
  }

  /** One record goes alone. One probe at a time, over all lanes. */
  private async probe(rest: Ready[]): Promise<Ready[]> {
    const before = this.probing;
    let release = () => {};
    this.probing = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    try {
      if (!this.breaker.open || !this.run.maySend()) {
        return rest;
      }
      if (this.breaker.failures > 0) {
        await this.options.sleep(backoff(this.breaker.failures, this.options.random, 1000));
      }
      const index = bestProbe(rest);
      const unknown = await this.call([rest[index]]);
      return [...unknown, ...rest.filter((_, other) => other !== index)];
    } finally {
      release();
    }
  }

  /** Answers the records whose outcome is unknown, as they stand now. */
  private async call(group: readonly Ready[], how: Attempt = { halve: true }): Promise<Ready[]> {
    const noted = (await mapBounded(group, this.options.concurrency, (ready) => this.note(ready))).filter((intent) => intent !== undefined);
    return noted.length === 0 ? [] : this.deliver(noted, 0, how);
  }

  private async note(ready: Ready): Promise<Noted | undefined> {
    const { ledger, log, newToken } = this.options;
    const { bucket, intent } = ready.meta;
    const token = newToken();
    try {
      const kind = await ledger.noteIntent(bucket, intent, token);
      if (kind) {
        return { ready, token, intent: kind };
      }
    } catch (error) {
      log.error('An intent could not be noted, so its record is not sent', { bucket: bucketId(bucket), ...describeError(error) });
    }
    return undefined;
  }

  private async deliver(noted: readonly Noted[], attempt: number, how: Attempt): Promise<Ready[]> {
    await this.pacer.turn();
    // others may have met trouble while this call waited for its turn: its records are certainly unsent still
    if (!this.run.maySend() || (this.breaker.open && noted.length > 1)) {
      await this.writer.withdraw(noted);
      return this.run.maySend() ? noted.map(asLeft) : [];
    }
    this.run.counts.calls += 1;
    const answer = await this.options.api.submit(noted.map(({ ready }) => toRecord(ready)));
    if (answer.kind === 'UNKNOWN') {
      return this.onUnknown(noted, answer);
    }
    if (answer.kind === 'REFUSED') {
      return this.onRefused(noted, answer, attempt, how);
    }
    if (answer.records.every(isUnmentioned)) {
      return this.onUnknown(noted, { kind: 'UNKNOWN', code: 'NotMentioned', message: 'The answer mentions none of the records' });
    }
    how.told = 'ANSWERED';
    const again = await this.writer.write(noted, answer.records);
    // a word that is not known tells nothing of how the service is
    if (answer.records.some(({ status }) => status !== 'Missing')) {
      await this.breaker.reset();
    }
    return again.length === 0 ? [] : this.retry(again, 'Unprocessed', attempt, how);
  }

  private async onUnknown(noted: readonly Noted[], answer: Extract<CallAnswer, { kind: 'UNKNOWN' }>): Promise<Ready[]> {
    this.options.log.error('A metering call ended without telling what was taken', { records: noted.length, code: answer.code, message: answer.message });
    this.run.counts.unknown += noted.length;
    await this.breaker.trip(noted.map(({ ready }) => ready.meta.bucket));
    if (this.breaker.failures >= MAX_FAILED_PROBES) {
      this.run.halted = true;
    }
    return noted.map(({ ready, token, intent }) => asTold(ready, intent === 'FIRST' ? token : SHARED_INTENT));
  }

  /** No refusal closes the breaker: it comes before the part of the service that may fail to tell what it took. */
  private async onRefused(noted: readonly Noted[], answer: Refusal, attempt: number, how: Attempt): Promise<Ready[]> {
    const { log, metrics } = this.options;
    const fields = { records: noted.length, code: answer.code, message: answer.message };
    switch (answer.cause) {
      case 'THROTTLED':
        return this.retry(noted, answer.code, attempt, how);
      case 'ACCESS':
        metrics.add(METRICS.METERING_CONFIGURATION_ERRORS);
        log.error('AWS Marketplace refuses metering calls of this function: check the seller account, its region and product code', fields);
        break;
      case 'UNAVAILABLE':
        if (attempt + 1 < MAX_ATTEMPTS) {
          return this.retry(noted, answer.code, attempt, how);
        }
        log.error('The metering API cannot be reached', fields);
        break;
      case 'REQUEST':
        how.told = 'REFUSED';
        if (noted.length === 1) {
          await this.writer.refuse(noted[0], answer.code, answer.message);
        } else if (!how.halve) {
          await this.writer.withdraw(noted);
        } else {
          return this.halve(noted, fields, how);
        }
        return [];
    }
    this.run.halted = true;
    await this.writer.withdraw(noted);
    return [];
  }

  private async halve(noted: readonly Noted[], fields: Record<string, unknown>, how: Attempt): Promise<Ready[]> {
    this.options.log.warn('A metering call was refused for one of its records: halving it', fields);
    const [first, second] = bisect(noted);
    const unknown = await this.deliver(first, 0, how);
    // what the first half told may be true of some of the second
    const aside = second.filter(({ ready }) => this.refusals.takes(ready));
    await this.writer.withdraw(aside);
    const rest = second.filter((sent) => !aside.includes(sent));
    return rest.length === 0 ? unknown : [...unknown, ...await this.deliver(rest, 0, how)];
  }

  /** The intents stay noted: they are still this run's own, and nothing was taken. */
  private async retry(noted: readonly Noted[], reason: string, attempt: number, how: Attempt): Promise<Ready[]> {
    if (attempt + 1 >= MAX_ATTEMPTS) {
      this.options.log.warn('Metering records are held back', { records: noted.length, reason });
      this.options.metrics.add(METRICS.METERING_RECORDS_HELD, noted.length);
      this.run.counts.held += noted.length;
      await this.writer.withdraw(noted);
      return [];
    }
    this.pacer.holdOff(backoff(attempt, this.options.random));
    return this.deliver(noted, attempt + 1, how);
  }
}

type Refusal = Extract<CallAnswer, { kind: 'REFUSED' }>;

function isUnmentioned(answer: RecordAnswer): boolean {
  return answer.status === 'Missing' && answer.word === undefined;
}

/** Rather a record of which nobody knows already; then the one that can be sent for longest; then the one with the least to lose. */
function bestProbe(group: readonly Ready[]): number {
  const rank = ({ meta }: Ready) => [meta.intent === undefined ? 0 : 1, hourStart(meta.bucket.hour), -meta.frozen!.quantity];
  const better = (a: number[], b: number[]) => {
    const differs = a.findIndex((value, index) => value !== b[index]);
    return differs >= 0 && a[differs] > b[differs];
  };
  return group.reduce((best, ready, index) => (better(rank(ready), rank(group[best])) ? index : best), 0);
}

/** How the bucket stands after its intent was withdrawn: somebody else's stays. */
function asLeft({ ready, intent }: Noted): Ready {
  return asTold(ready, intent === 'FIRST' ? undefined : SHARED_INTENT);
}

/** The same bucket with this intent in the ledger. */
function asTold({ meta, license, clearIfRevision }: Ready, intent: string | undefined): Ready {
  return { meta: { ...meta, intent }, license, ...(clearIfRevision !== undefined && { clearIfRevision }) };
}

function toRecord({ meta, license }: Ready): MeteringRecord {
  const { quantity, allocations } = meta.frozen!;
  return {
    licenseArn: license.licenseArn!,
    customerAwsAccountId: license.customerAwsAccountId!,
    dimension: meta.bucket.dimension,
    timestamp: hourStart(meta.bucket.hour),
    quantity,
    ...(allocations && {
      allocations: Object.entries(allocations).sort(([a], [b]) => (a < b ? -1 : 1)).map(([set, units]) => ({ quantity: units, tags: tagsOf(set) })),
    }),
  };
}
