import { Gate, OPEN_GATE } from './gate';
import { HOUR_MS, hourOf, monthEnd } from '../../../lambda/domain/usage/ledger/hour';
import { CallAnswer, LicenseRecord, MeteringApi, MeteringRecord, RecordAnswer } from '../../../lambda/domain/usage/ledger/outcome';

/**
 * What the next call meets. `LOST`: all is taken, but the answer never arrives. `DOWN`: nothing is taken, nothing answered.
 * `SILENT`: all is taken, and the answer mentions none of it. `STRANGE`: the same, in a word that nobody knows.
 */
export type Fault = 'LOST' | 'DOWN' | 'THROTTLED' | 'UNREACHABLE' | 'DISABLED' | 'UNPROCESSED' | 'SILENT' | 'STRANGE';

/** BatchMeterUsage as the facts describe it: first write wins, 24 hours, month end, statuses one by one. */
export class FakeMarketplace implements MeteringApi {
  readonly accepted = new Map<string, LicenseRecord>();
  readonly calls: (readonly LicenseRecord[])[] = [];
  readonly callTimes: number[] = [];
  /** Quantities ever sent for an hour, whatever became of them. */
  readonly sent = new Map<string, Set<string>>();
  readonly faults: Fault[] = [];
  /** While set, every call meets this. */
  outage: Fault | undefined;
  identicalIsDuplicate = false;
  readonly notSubscribed = new Set<string>();
  /** Key of a record (license, dimension, hour) -> the exception it causes for its whole call. */
  readonly poison = new Map<string, string>();
  /** The exception that a record causes for its whole call; undefined: none. */
  refuses: (record: LicenseRecord) => string | undefined;
  /** License id -> when it was closed for usage. */
  readonly closedAt = new Map<string, number>();

  constructor(private readonly now: () => number, public gate: Gate = OPEN_GATE) {
    this.refuses = () => undefined;
  }

  async submit(records: readonly MeteringRecord[]): Promise<CallAnswer> {
    await this.gate.pass('BatchMeterUsage', 'before');
    const answer = this.answer(records as readonly LicenseRecord[]);
    await this.gate.pass('BatchMeterUsage', 'after');
    return answer;
  }

  quantity(licenseId: string, dimension: string, hour: string): number | undefined {
    return this.accepted.get(`${licenseId}#${dimension}#${hour}`)?.quantity;
  }

  total(licenseId?: string): number {
    return [...this.accepted].reduce((sum, [key, { quantity }]) => sum + (!licenseId || key.startsWith(`${licenseId}#`) ? quantity : 0), 0);
  }

  private answer(records: readonly LicenseRecord[]): CallAnswer {
    this.calls.push(records);
    this.callTimes.push(this.now());
    for (const record of records) {
      const sent = this.sent.get(keyOf(record)) ?? new Set();
      this.sent.set(keyOf(record), sent.add(JSON.stringify([record.quantity, record.allocations, record.timestamp])));
    }
    const fault = this.faults.shift() ?? this.outage;
    if (fault === 'DOWN') return { kind: 'UNKNOWN', code: 'InternalServiceErrorException', message: 'down' };
    if (fault === 'THROTTLED') return { kind: 'REFUSED', cause: 'THROTTLED', code: 'ThrottlingException', message: 'slow down' };
    if (fault === 'UNREACHABLE') return { kind: 'REFUSED', cause: 'UNAVAILABLE', code: 'ECONNREFUSED', message: 'connection refused' };
    if (fault === 'DISABLED') return { kind: 'REFUSED', cause: 'ACCESS', code: 'DisabledApiException', message: 'disabled' };
    const code = records.map((record) => this.poison.get(keyOf(record)) ?? this.refuses(record) ?? this.timeProblem(record)).find(Boolean);
    if (code) return { kind: 'REFUSED', cause: 'REQUEST', code, message: code };
    if (records.length > 25) return { kind: 'REFUSED', cause: 'REQUEST', code: 'ValidationException', message: 'too many' };
    const answers = records.map((record, index): RecordAnswer =>
      fault === 'UNPROCESSED' && index % 2 === 0 ? { status: 'Unprocessed' } : this.take(record));
    if (fault === 'SILENT') return { kind: 'ANSWERED', records: records.map(() => ({ status: 'Missing' })) };
    if (fault === 'STRANGE') return { kind: 'ANSWERED', records: records.map(() => ({ status: 'Missing', word: 'Strange' })) };
    return fault === 'LOST' ? { kind: 'UNKNOWN', code: 'TimeoutError', message: 'no answer' } : { kind: 'ANSWERED', records: answers };
  }

  private take(record: LicenseRecord): RecordAnswer {
    const license = licenseOf(record);
    const closed = this.closedAt.get(license);
    if (this.notSubscribed.has(license) || (closed !== undefined && this.now() >= closed)) return { status: 'CustomerNotSubscribed' };
    const first = this.accepted.get(keyOf(record));
    if (!first) this.accepted.set(keyOf(record), record);
    const same = !first || first.quantity === record.quantity;
    return first && (!same || this.identicalIsDuplicate) ? { status: 'DuplicateRecord' } : { status: 'Success', meteringRecordId: keyOf(record) };
  }

  private timeProblem({ timestamp }: LicenseRecord): string | undefined {
    const now = this.now();
    const closed = now >= monthEnd(hourOf(timestamp)) + 6 * HOUR_MS;
    return timestamp > now || now - timestamp >= 24 * HOUR_MS || closed ? 'TimestampOutOfBoundsException' : undefined;
  }
}

export function licenseOf(record: LicenseRecord): string {
  return /l-[A-Za-z0-9]+$/.exec(record.licenseArn)![0];
}

function keyOf(record: LicenseRecord): string {
  return `${licenseOf(record)}#${record.dimension}#${hourOf(record.timestamp)}`;
}
