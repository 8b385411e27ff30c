import type { Ready } from './bucket';
import type { Circuits } from './circuits';
import type { MeteringDependencies } from './dependencies';
import { afterWithdraw, type RecordToSend, OutcomeWriter, withUnknownOutcome } from './outcome';
import { backoff, type Pacer } from './pacer';
import type { RunState } from './run-state';
import { METRICS } from '../../src/names';
import { mapBounded } from '../domain/bounded';
import { compare } from '../domain/compare';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import type { MeteredLicense } from '../domain/subscription-directory';
import { tagsOf } from '../domain/usage/ledger/amounts';
import { bisect, fittingCount } from '../domain/usage/ledger/batching';
import { bucketId } from '../domain/usage/ledger/bucket';
import { circuitKey, scopeOf } from '../domain/usage/ledger/circuit';
import { hourStart } from '../domain/usage/ledger/hour';
import { type CallAnswer, isFinalRefusal, type MeteringRecord, type RecordAnswer } from '../domain/usage/ledger/outcome';

/** Calls for the same records within one run, when the service is busy. */
const MAX_ATTEMPTS = 6;
const FIRST_PROBE_PAUSE_MS = 1000;

/** Sends frozen quantities: notes the intents, waits for its turn, calls, and writes the outcome of every record at once. */
export class Submit {
  private readonly writer: OutcomeWriter;
  private probing: Promise<void> | undefined;
  /** Of which AWS answered the last call record by record. */
  private readonly answered = new WeakSet<RecordToSend>();

  constructor(
    private readonly deps: MeteringDependencies, private readonly run: RunState, private readonly pacer: Pacer, private readonly circuits: Circuits,
  ) {
    this.writer = new OutcomeWriter(deps, run, circuits);
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
    const toSend = await mapBounded(group, this.deps.concurrency, async (ready) => this.note(ready));
    const again = await this.deliver(toSend.filter((each) => each !== undefined), 0);
    const probe = this.circuits.probe && again.find(({ meta }) => bucketId(meta.bucket) === bucketId(this.circuits.probe!));
    if (probe) {
      await this.probe(probe);
    }
    return again.filter((each) => each !== probe);
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
        await this.deps.sleep(backoff(this.circuits.unknownInARow, this.deps.random, FIRST_PROBE_PAUSE_MS));
      }
      const toSend = await this.note(unanswered);
      [unanswered] = toSend ? await this.deliver([toSend], 0) : [];
    }
  }

  private async note(ready: Ready): Promise<RecordToSend | undefined> {
    const { ledger, log, newToken, meteringRegion } = this.deps;
    const { bucket, intent } = ready.meta;
    const token = newToken();
    try {
      const kind = await ledger.noteIntent(bucket, intent, token, meteringRegion);
      return kind && { ready, token, intent: kind };
    } catch (error) {
      log.error('An intent could not be written, so its record is not sent', { bucket: bucketId(bucket), ...describeError(error) });
      return undefined;
    }
  }

  private async deliver(toSend: readonly RecordToSend[], attempt: number): Promise<Ready[]> {
    if (toSend.length === 0) {
      return [];
    }
    await this.pacer.turn();
    const going = toSend.filter(({ ready }) => this.run.maySend() && this.circuits.passes(ready.meta.bucket, ready.license));
    const stopped = toSend.filter((each) => !going.includes(each));
    await this.writer.withdraw(stopped);
    return [...await this.call(going, attempt), ...stopped.map(afterWithdraw)];
  }

  private async call(toSend: readonly RecordToSend[], attempt: number): Promise<Ready[]> {
    if (toSend.length === 0) {
      return [];
    }
    this.run.counts.calls += 1;
    toSend.forEach((each) => this.answered.delete(each));
    const answer = await this.deps.api.submit(toSend.map(({ ready }) => this.toRecord(ready)));
    switch (answer.kind) {
      case 'UNKNOWN':
        return this.onUnknown(toSend, answer);
      case 'REFUSED':
        return this.onRefused(toSend, answer, attempt);
      case 'ANSWERED':
        return this.onAnswered(toSend, answer.records, attempt);
    }
  }

  private async onAnswered(toSend: readonly RecordToSend[], answers: readonly RecordAnswer[], attempt: number): Promise<Ready[]> {
    if (answers.every(isUnmentioned)) {
      return this.onUnknown(toSend, { code: 'NotMentioned', message: 'The answer mentions none of the records' });
    }
    // a status that is not known says nothing about the state of the service
    if (answers.some(({ status }) => status !== 'Missing')) {
      await this.circuits.answered(toSend.map(({ ready }) => ready.meta.bucket));
    }
    toSend.forEach((each) => this.answered.add(each));
    const unprocessed = await this.writer.write(toSend, answers);
    return unprocessed.length === 0 ? [] : this.retry(unprocessed, 'Unprocessed', attempt);
  }

  private async onUnknown(toSend: readonly RecordToSend[], { code, message }: Omit<Extract<CallAnswer, { kind: 'UNKNOWN' }>, 'kind'>): Promise<Ready[]> {
    this.deps.log.error('The outcome of a metering call is unknown', { records: toSend.length, code, reason: message });
    this.run.counts.unknown += toSend.length;
    await this.circuits.outcomeUnknown(toSend.map(({ ready }) => ready.meta.bucket), code);
    await this.writer.noteCallsLeft(toSend);
    return toSend.map(withUnknownOutcome);
  }

  private async onRefused(toSend: readonly RecordToSend[], answer: Refusal, attempt: number): Promise<Ready[]> {
    const { log, metrics } = this.deps;
    const fields = { records: toSend.length, code: answer.code, reason: answer.message };
    switch (answer.cause) {
      case 'THROTTLED':
        return this.retry(toSend, answer.code, attempt);
      case 'REQUEST':
        return this.onPoison(toSend, answer);
      case 'UNAVAILABLE':
        if (attempt + 1 < MAX_ATTEMPTS) {
          return this.retry(toSend, answer.code, attempt);
        }
        log.error('The metering API cannot be reached', fields);
        break;
      case 'ACCESS':
        metrics.add(METRICS.METERING_CONFIGURATION_ERRORS);
        log.error('AWS Marketplace refuses metering calls of this function: check the seller account, its region and product code', fields);
        break;
    }
    this.run.halted = true;
    await this.writer.withdraw(toSend);
    return [];
  }

  /**
   * One of the records makes AWS refuse the whole call: it is divided until only records are left that are refused together.
   * Licenses of which AWS took usage in this run are divided from the others first.
   */
  private async onPoison(toSend: readonly RecordToSend[], answer: Refusal): Promise<Ready[]> {
    const { code, message } = answer;
    if (haveOneScope(toSend, code)) {
      await this.writer.refuse(toSend, code, message);
      return [];
    }
    this.deps.log.warn('A metering call was refused for one of its records: dividing it', { records: toSend.length, code, reason: message });
    const [taken, others] = partition(toSend, ({ ready }) => this.circuits.isTaken(ready.meta.bucket));
    const [first, second] = taken.length > 0 && others.length > 0 ? [taken, others] : bisect(toSend);
    const left = await this.deliver(first, 0);
    // Where AWS takes one part of what it refused, it refused the other part. What a refusal gives up for good is asked about all the same.
    const isSecondRefused = first.every((each) => this.answered.has(each)) && !second.some(({ ready }) => isFinalRefusal(code, ready.license));
    return [...left, ...await (isSecondRefused ? this.onPoison(second, answer) : this.deliver(second, 0))];
  }

  private toRecord({ meta, license }: Ready): MeteringRecord {
    const { quantity, allocations } = meta.frozen!;
    return defined({
      ...buyerOf(license),
      dimension: meta.bucket.dimension,
      timestamp: hourStart(meta.bucket.hour),
      quantity,
      allocations: allocations && Object.entries(allocations)
        .sort(([a], [b]) => compare(a, b))
        .map(([set, units]) => ({ quantity: units, tags: tagsOf(set) })),
      // In another region AWS would not recognize what it may have taken, and bill it twice (docs/marketplace-facts.md#f-6-3).
      region: meta.intentRegion === this.deps.meteringRegion ? undefined : meta.intentRegion,
    });
  }

  /** The intents stay: they are this run's own, and nothing was accepted. */
  private async retry(toSend: readonly RecordToSend[], reason: string, attempt: number): Promise<Ready[]> {
    if (attempt + 1 < MAX_ATTEMPTS) {
      this.pacer.pauseFor(backoff(attempt, this.deps.random));
      return this.deliver(toSend, attempt + 1);
    }
    this.deps.log.warn('Metering records are left to the next run', { records: toSend.length, reason });
    this.deps.metrics.add(METRICS.METERING_RECORDS_NOT_ACCEPTED, toSend.length);
    this.run.counts.notAccepted += toSend.length;
    await this.writer.withdraw(toSend);
    return [];
  }
}

type Refusal = Extract<CallAnswer, { kind: 'REFUSED' }>;

/** Whether AWS refuses these records for the same reason: those of one license, say. */
function haveOneScope(toSend: readonly RecordToSend[], code: string): boolean {
  return new Set(toSend.map(({ ready }) => circuitKey(scopeOf(code), ready.meta.bucket))).size === 1;
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function isUnmentioned(answer: RecordAnswer): boolean {
  return answer.status === 'Missing' && answer.word === undefined;
}


/** Never both: usage that is sent with a product code and with a license is billed twice (docs/marketplace-facts.md#f-2-3). */
function buyerOf({ licenseArn, customerAwsAccountId, productCode, customerIdentifier }: MeteredLicense) {
  return customerIdentifier === undefined
    ? { licenseArn: licenseArn!, customerAwsAccountId: customerAwsAccountId! }
    : { productCode: productCode!, customerIdentifier };
}
