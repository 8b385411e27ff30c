import type { Ready } from './bucket';
import type { Circuits } from './circuits';
import type { MeteringOptions } from './options';
import { afterWithdraw, type Noted, OutcomeWriter, withUnknownOutcome } from './outcome';
import { backoff, type Pacer } from './pacer';
import type { RunState } from './run-state';
import { METRICS } from '../../src/names';
import { mapBounded } from '../domain/bounded';
import { describeError } from '../domain/describe-error';
import type { MeteredLicense } from '../domain/subscription-directory';
import { tagsOf } from '../domain/usage/ledger/amounts';
import { bisect, fittingCount } from '../domain/usage/ledger/batching';
import { bucketId } from '../domain/usage/ledger/bucket';
import { hourStart } from '../domain/usage/ledger/hour';
import type { CallAnswer, MeteringRecord, RecordAnswer } from '../domain/usage/ledger/outcome';

/** Calls for the same records within one run, when the service is busy. */
const MAX_ATTEMPTS = 6;
const FIRST_PROBE_PAUSE_MS = 1000;

/** Sends frozen quantities: notes the intents, waits for its turn, calls, and writes the outcome of every record at once. */
export class Submit {
  private readonly writer: OutcomeWriter;
  private probing: Promise<void> | undefined;

  constructor(
    private readonly options: MeteringOptions, private readonly run: RunState, private readonly pacer: Pacer, private readonly circuits: Circuits,
  ) {
    this.writer = new OutcomeWriter(options, run, circuits);
  }

  /** How many of the first fit into one call. */
  fitting(ready: readonly Ready[]): number {
    return fittingCount(ready.map((each) => this.toRecord(each)));
  }

  /**
   * One call, or several smaller ones when it is refused for one of its records. `group` has to fit into one call.
   *
   * @returns what has no outcome, as it stands now: it has to pass the gate again
   */
  async send(group: readonly Ready[]): Promise<Ready[]> {
    const noted = await mapBounded(group, this.options.concurrency, async (ready) => this.note(ready));
    const again = await this.deliver(noted.filter((each) => each !== undefined), 0);
    const probe = this.circuits.probe && again.find(({ meta }) => bucketId(meta.bucket) === bucketId(this.circuits.probe!));
    if (probe) {
      await this.probe(probe);
      return again.filter((each) => each !== probe);
    }
    return again;
  }

  /** While the outcome of a call is unknown: sends the probe until it is answered, or until the run has tried often enough. */
  async probe(ready: Ready): Promise<void> {
    this.probing ??= this.probeLoop(ready).finally(() => {
      this.probing = undefined;
    });
    await this.probing;
  }

  /** Returns when no lane waits for the outcome of a probe. */
  async probeEnded(): Promise<void> {
    await this.probing;
  }

  private async probeLoop(first: Ready): Promise<void> {
    let unanswered: Ready | undefined = first;
    while (unanswered && this.circuits.probe && this.circuits.mayProbe && this.run.maySend()) {
      if (this.circuits.unknownInARow > 0) {
        await this.options.sleep(backoff(this.circuits.unknownInARow, this.options.random, FIRST_PROBE_PAUSE_MS));
      }
      const noted = await this.note(unanswered);
      [unanswered] = noted ? await this.deliver([noted], 0) : [];
    }
  }

  private async note(ready: Ready): Promise<Noted | undefined> {
    const { ledger, log, newToken, meteringRegion } = this.options;
    const { bucket, intent } = ready.meta;
    const token = newToken();
    try {
      const kind = await ledger.noteIntent(bucket, intent, token, meteringRegion);
      return kind && { ready, token, intent: kind };
    } catch (error) {
      log.error('An intent could not be noted, so its record is not sent', { bucket: bucketId(bucket), ...describeError(error) });
      return undefined;
    }
  }

  private async deliver(noted: readonly Noted[], attempt: number): Promise<Ready[]> {
    if (noted.length === 0) {
      return [];
    }
    await this.pacer.turn();
    const going = noted.filter(({ ready }) => this.run.maySend() && this.circuits.passes(ready.meta.bucket, ready.license));
    const stopped = noted.filter((each) => !going.includes(each));
    await this.writer.withdraw(stopped);
    return [...await this.call(going, attempt), ...stopped.map(afterWithdraw)];
  }

  private async call(noted: readonly Noted[], attempt: number): Promise<Ready[]> {
    if (noted.length === 0) {
      return [];
    }
    this.run.counts.calls += 1;
    const answer = await this.options.api.submit(noted.map(({ ready }) => this.toRecord(ready)));
    switch (answer.kind) {
      case 'UNKNOWN':
        return this.onUnknown(noted, answer);
      case 'REFUSED':
        return this.onRefused(noted, answer, attempt);
      case 'ANSWERED':
        return this.onAnswered(noted, answer.records, attempt);
    }
  }

  private async onAnswered(noted: readonly Noted[], answers: readonly RecordAnswer[], attempt: number): Promise<Ready[]> {
    if (answers.every(isUnmentioned)) {
      return this.onUnknown(noted, { kind: 'UNKNOWN', code: 'NotMentioned', message: 'The answer mentions none of the records' });
    }
    // a status that is not known says nothing about the state of the service
    if (answers.some(({ status }) => status !== 'Missing')) {
      await this.circuits.answered(noted.map(({ ready }) => ready.meta.bucket));
    }
    const unprocessed = await this.writer.write(noted, answers);
    return unprocessed.length === 0 ? [] : this.retry(unprocessed, 'Unprocessed', attempt);
  }

  private async onUnknown(noted: readonly Noted[], { code, message }: Extract<CallAnswer, { kind: 'UNKNOWN' }>): Promise<Ready[]> {
    this.options.log.error('The outcome of a metering call is unknown', { records: noted.length, code, message });
    this.run.counts.unknown += noted.length;
    await this.circuits.outcomeUnknown(noted.map(({ ready }) => ready.meta.bucket), code);
    await this.writer.noteCallsLeft(noted);
    return noted.map(withUnknownOutcome);
  }

  private async onRefused(noted: readonly Noted[], answer: Refusal, attempt: number): Promise<Ready[]> {
    const { log, metrics } = this.options;
    const fields = { records: noted.length, code: answer.code, message: answer.message };
    switch (answer.cause) {
      case 'THROTTLED':
        return this.retry(noted, answer.code, attempt);
      case 'REQUEST':
        return this.onPoison(noted, answer);
      case 'UNAVAILABLE':
        if (attempt + 1 < MAX_ATTEMPTS) {
          return this.retry(noted, answer.code, attempt);
        }
        log.error('The metering API cannot be reached', fields);
        break;
      case 'ACCESS':
        metrics.add(METRICS.METERING_CONFIGURATION_ERRORS);
        log.error('AWS Marketplace refuses metering calls of this function: check the seller account, its region and product code', fields);
        break;
    }
    this.run.halted = true;
    await this.writer.withdraw(noted);
    return [];
  }

  /** One of the records makes AWS refuse the whole call: the call is halved until that record is alone. */
  private async onPoison(noted: readonly Noted[], { code, message }: Refusal): Promise<Ready[]> {
    if (noted.length === 1) {
      await this.writer.refuse(noted[0], code, message);
      return [];
    }
    this.options.log.warn('A metering call was refused for one of its records: halving it', { records: noted.length, code, message });
    const [first, second] = bisect(noted);
    return [...await this.deliver(first, 0), ...await this.deliver(second, 0)];
  }

  private toRecord({ meta, license }: Ready): MeteringRecord {
    const { quantity, allocations } = meta.frozen!;
    const { intent, intentRegion } = meta;
    // In another region AWS would not recognize what it may have taken, and bill it twice (docs/marketplace-facts.md#f-6-3).
    const isElsewhere = intent !== undefined && intentRegion !== undefined && intentRegion !== this.options.meteringRegion;
    return {
      ...buyerOf(license),
      dimension: meta.bucket.dimension,
      timestamp: hourStart(meta.bucket.hour),
      quantity,
      ...(allocations && {
        allocations: Object.entries(allocations).sort(([a], [b]) => (a < b ? -1 : 1)).map(([set, units]) => ({ quantity: units, tags: tagsOf(set) })),
      }),
      ...(isElsewhere && { region: intentRegion }),
    };
  }

  /** The intents stay: they are this run's own, and nothing was accepted. */
  private async retry(noted: readonly Noted[], reason: string, attempt: number): Promise<Ready[]> {
    if (attempt + 1 < MAX_ATTEMPTS) {
      this.pacer.holdOff(backoff(attempt, this.options.random));
      return this.deliver(noted, attempt + 1);
    }
    this.options.log.warn('Metering records are left to the next run', { records: noted.length, reason });
    this.options.metrics.add(METRICS.METERING_RECORDS_HELD, noted.length);
    this.run.counts.held += noted.length;
    await this.writer.withdraw(noted);
    return [];
  }
}

type Refusal = Extract<CallAnswer, { kind: 'REFUSED' }>;

function isUnmentioned(answer: RecordAnswer): boolean {
  return answer.status === 'Missing' && answer.word === undefined;
}


/** Never both: usage that is sent with a product code and with a license is billed twice (docs/marketplace-facts.md#f-2-3). */
function buyerOf({ licenseArn, customerAwsAccountId, productCode, customerIdentifier }: MeteredLicense) {
  return customerIdentifier === undefined
    ? { licenseArn: licenseArn!, customerAwsAccountId: customerAwsAccountId! }
    : { productCode: productCode!, customerIdentifier };
}
