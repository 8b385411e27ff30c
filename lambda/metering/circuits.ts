import type { Clock } from '../domain/clock';
import { describeError } from '../domain/describe-error';
import type { Log } from '../domain/ports';
import type { MeteredLicense } from '../domain/subscription-directory';
import { newLicensesPerCall } from '../domain/usage/ledger/batching';
import { type Bucket, bucketId } from '../domain/usage/ledger/bucket';
import { afterFailure, ALL_KEY, type Circuit, circuitKey, circuitKeys, type CircuitScope, isForgotten, isPoison } from '../domain/usage/ledger/circuit';
import type { ControlStore } from '../domain/usage/ports';

/** `SEND`: among others. `ALONE`: in a call of its own, so that only this record is refused. `WAIT`: not in this run. */
export type Gate = 'SEND' | 'ALONE' | 'WAIT';

/** Unknown outcomes in a row, within one run, after which the run stops sending. */
const MAX_UNKNOWN = 3;

/**
 * What AWS does not accept now, and when to try again: an open circuit for each license, dimension of a license or single
 * bucket that was refused, and one for all while the outcome of a call is unknown. Circuits outlive the run.
 */
export class Circuits {
  static async load(control: ControlStore, clock: Clock, log: Log): Promise<Circuits> {
    const circuits = (await control.readCircuits()).filter((circuit) => !isForgotten(circuit, clock.now()));
    return new Circuits(control, clock, log, circuits);
  }

  private readonly open: Map<string, Circuit>;
  /** The newest bucket that waits behind each circuit: if anything is accepted again, it is. */
  private readonly waiting = new Map<string, Bucket>();
  private readonly triedKeys = new Set<string>();
  private readonly trials = new Set<string>();
  private readonly closedLicenses = new Set<string>();
  /** Licenses of which AWS took a record in this run. */
  private readonly taken = new Set<string>();
  /** Licenses for which it refused a whole call in this run, which was not known before. */
  private readonly poison = new Set<string>();
  /** Of circuits that failed in this run: another record says nothing new. */
  private readonly failedKeys = new Set<string>();
  private unknown = 0;

  private constructor(
    private readonly control: ControlStore, private readonly clock: Clock, private readonly log: Log, circuits: readonly Circuit[],
  ) {
    this.open = new Map(circuits.map((circuit) => [circuit.key, circuit]));
  }

  /** While the outcome of a call is unknown, the only bucket that may be sent. All others stay certainly unsent. */
  get probe(): Bucket | undefined {
    return this.open.get(ALL_KEY)?.probe;
  }

  /** Whether this run may still ask again what became of the probe. */
  get mayProbe(): boolean {
    return this.unknown < MAX_UNKNOWN;
  }

  /** Failures in a row, within this run. */
  get unknownInARow(): number {
    return this.unknown;
  }

  /** A license that ends has no time to wait: it is tried once in each run. */
  gate(bucket: Bucket, { status }: MeteredLicense): Gate {
    const before = this.before(bucket);
    if (this.probe) {
      return 'WAIT';
    }
    const blocking = status === 'ENDING' ? before.filter(({ reason }) => isPoison(reason)) : before;
    if (blocking.length === 0) {
      return 'SEND';
    }
    if (status === 'ENDING' && this.beginTrial(bucket)) {
      return 'ALONE';
    }
    const [narrowest] = blocking;
    const known = this.waiting.get(narrowest.key);
    if (!known || known.hour <= bucket.hour) {
      this.waiting.set(narrowest.key, bucket);
    }
    return 'WAIT';
  }

  /** Asked right before the call, as other calls may have failed since the gate. */
  passes(bucket: Bucket, { status }: MeteredLicense): boolean {
    if (this.probe) {
      return this.isProbe(bucket);
    }
    const before = this.before(bucket);
    return this.trials.has(bucketId(bucket)) || before.every(({ reason }) => status === 'ENDING' && !isPoison(reason));
  }

  /** Whether usage of the license in the dimension was refused: a zero record would be, too. */
  blocksZero(licenseId: string, dimension: string): boolean {
    const bucket = { licenseId, dimension, hour: '' };
    return this.open.has(circuitKey('LICENSE', bucket)) || this.open.has(circuitKey('DIMENSION', bucket));
  }

  /** Buckets to try again, one for each circuit whose time has come, longest overdue first. */
  retries(limit: number): Bucket[] {
    const now = this.clock.now();
    const due = [...this.waiting].flatMap(([key, bucket]) => {
      const circuit = this.open.get(key);
      return circuit && this.before(bucket).every(({ retryAt }) => retryAt <= now) ? [{ bucket, retryAt: circuit.retryAt }] : [];
    });
    return due.sort((a, b) => a.retryAt - b.retryAt).slice(0, limit).map(({ bucket }) => bucket);
  }

  /** Lets this bucket through, alone. False: what stands before it was tried in this run already. */
  beginTrial(bucket: Bucket): boolean {
    const keys = this.before(bucket).map(({ key }) => key);
    if (keys.some((key) => this.triedKeys.has(key))) {
      return false;
    }
    keys.forEach((key) => this.triedKeys.add(key));
    this.trials.add(bucketId(bucket));
    return true;
  }

  /** Whether no circuit but that of the unknown outcome stands before the bucket. */
  isClear(bucket: Bucket): boolean {
    return this.before(bucket).length === 0;
  }

  /** Whether AWS took usage of the bucket's license in this run: it is hardly what a call is refused for. */
  isTaken({ licenseId }: Bucket): boolean {
    return this.taken.has(licenseId);
  }

  /** How many licenses of which nothing was taken yet may share a call: the fewer, the more of them turn out to be refused. */
  get newLicensesPerCall(): number {
    return newLicensesPerCall(this.taken.size, this.poison.size);
  }

  /** Makes this bucket the probe, where the former one cannot be sent any more. Stored first: a run that crashes leaves one probe. */
  async probeWith(bucket: Bucket): Promise<void> {
    const all = this.open.get(ALL_KEY);
    if (all && !this.isProbe(bucket)) {
      await this.write({ ...all, probe: bucket });
    }
  }

  /** AWS refused the bucket, alone or together with others of its scope: they are one failure in a run. */
  async refused(scope: CircuitScope, bucket: Bucket, reason: string): Promise<void> {
    this.trials.delete(bucketId(bucket));
    const key = circuitKey(scope, bucket);
    this.triedKeys.add(key);
    if (this.failedKeys.has(key)) {
      return;
    }
    this.failedKeys.add(key);
    if (isPoison(reason) && !this.open.has(key)) {
      this.poison.add(bucket.licenseId);
    }
    await this.write(afterFailure(this.open.get(key), { scope, bucket, reason, now: this.clock.now() }));
  }

  /** A call ended without an answer that says what became of its records. */
  async outcomeUnknown(sent: readonly Bucket[], reason: string): Promise<void> {
    // Calls that were under way with the first one to fail say nothing about the service after it.
    if (!this.probe || sent.some((bucket) => this.isProbe(bucket))) {
      this.unknown += 1;
    }
    const youngest = sent.reduce((best, bucket) => (bucket.hour > best.hour ? bucket : best));
    await this.write(afterFailure(this.open.get(ALL_KEY), { scope: 'ALL', bucket: youngest, reason, now: this.clock.now() }));
  }

  /**
   * A call was answered record by record. While an outcome is unknown, only the answer to the probe counts: another call may
   * have left before the service failed. A refusal does not count: it comes before the part of the service that may not answer.
   */
  async answered(sent: readonly Bucket[]): Promise<void> {
    if (this.probe && !sent.some((bucket) => this.isProbe(bucket))) {
      return;
    }
    this.unknown = 0;
    await this.close(ALL_KEY);
  }

  /** AWS accepted the bucket: nothing stands before it. */
  async accepted(bucket: Bucket): Promise<void> {
    this.trials.delete(bucketId(bucket));
    this.taken.add(bucket.licenseId);
    for (const { key } of this.before(bucket)) {
      this.closedLicenses.add(bucket.licenseId);
      await this.close(key);
    }
  }

  /** Licenses of which circuits were closed since the last call: more of their usage may be sent. */
  takeClosedLicenses(): string[] {
    const licenses = [...this.closedLicenses];
    this.closedLicenses.clear();
    return licenses;
  }

  private isProbe(bucket: Bucket): boolean {
    return this.probe !== undefined && bucketId(this.probe) === bucketId(bucket);
  }

  private before(bucket: Bucket): Circuit[] {
    return circuitKeys(bucket).flatMap((key) => {
      const circuit = key === ALL_KEY ? undefined : this.open.get(key);
      return circuit ? [circuit] : [];
    });
  }

  private async write(circuit: Circuit): Promise<void> {
    this.open.set(circuit.key, circuit);
    await this.persist(async () => this.control.writeCircuit(circuit));
  }

  private async close(key: string): Promise<void> {
    if (this.open.delete(key)) {
      this.waiting.delete(key);
      this.failedKeys.delete(key);
      await this.persist(async () => this.control.closeCircuit(key, this.clock.now()));
    }
  }

  /** A failed write must not cost the outcomes of the call; a later run only tries too early or too late. */
  private async persist(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.log.error('A circuit could not be stored: later runs do not know about it', describeError(error));
    }
  }
}
