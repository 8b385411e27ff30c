import type { AgreementPage, AgreementQuery, AgreementRecord, AgreementSource, AgreementTerms } from '../../lambda/domain/subscription/agreement-source';
import type { AgreementFact, AgreementFactKind } from '../../lambda/domain/subscription/facts';

const MINUTE = 60_000;
export const PRODUCT_ID = 'prod-abcdef1234567';

export interface AgreementEvent {
  readonly fact: AgreementFact;
  readonly licenseId?: string;
}

type Change<T> = { -readonly [Field in keyof T]: T[Field] };

export const arnOf = (licenseId: string): string => `arn:aws:license-manager::294406891311:license:${licenseId}`;

/** A seller's agreements: what happens to them, the events that AWS sends of it, and AWS's record. */
export class Agreements {
  readonly events: AgreementEvent[] = [];
  readonly records = new Map<string, Change<AgreementRecord>>();
  private readonly previous = new Map<string, { id: string; intent: string }>();

  constructor(public now: number) {}

  purchase(id: string, more: Partial<AgreementRecord> = {}): AgreementRecord {
    return this.accept(id, { licenseArns: [arnOf(`l-${id}`)], ...more });
  }

  renew(old: string, id: string, status: 'RENEWED' | 'REPLACED', license: 'same' | 'new'): AgreementRecord {
    const before = this.record(old);
    this.close(before, status);
    this.previous.set(id, { id: old, intent: status === 'RENEWED' ? 'RENEW' : 'REPLACE' });
    if (license === 'new') {
      this.event('LICENSE_DEPROVISIONED', before, MINUTE);
    }
    return this.accept(id, {
      initialAgreementId: before.initialAgreementId ?? old, licenseArns: license === 'same' ? before.licenseArns : [arnOf(`l-${id}`)],
    });
  }

  end(id: string, status: 'CANCELLED' | 'EXPIRED' | 'TERMINATED'): void {
    const record = this.record(id);
    if (status === 'EXPIRED') {
      record.endTime = this.now;
    }
    this.close(record, status);
    this.event('LICENSE_DEPROVISIONED', record, MINUTE / 2);
  }

  /** Facts of the events in the order of their times, up to now. */
  sent(): readonly AgreementEvent[] {
    return this.events.filter(({ fact }) => fact.time <= this.now).sort((a, b) => a.fact.time - b.fact.time);
  }

  record(id: string): Change<AgreementRecord> {
    const record = this.records.get(id);
    if (record === undefined) {
      throw new Error(`There is no agreement ${id}`);
    }
    return record;
  }

  private accept(id: string, more: Partial<AgreementRecord>): AgreementRecord {
    const record: AgreementRecord = {
      agreementId: id,
      status: 'ACTIVE',
      initialAgreementId: id,
      customerAwsAccountId: '111122223333',
      productIds: [PRODUCT_ID],
      licenseArns: [],
      acceptanceTime: this.now,
      startTime: this.now,
      lastUpdateTime: this.now,
      ...more,
    };
    this.records.set(id, record);
    const { id: previousAgreementId, intent = 'NEW' } = this.previous.get(id) ?? {};
    this.event('CREATED', record, MINUTE / 6, { intent, ...(previousAgreementId === undefined ? {} : { previousAgreementId }) });
    this.event('LICENSE_UPDATED', record, (record.startTime as number) - this.now + MINUTE);
    return record;
  }

  private close(record: Change<AgreementRecord>, status: string): void {
    record.status = status;
    record.lastUpdateTime = this.now;
    this.event('ENDED', record, 0, { status });
  }

  private event(kind: AgreementFactKind, record: AgreementRecord, delay: number, more: Partial<AgreementFact> = {}): void {
    const [licenseArn = ''] = record.licenseArns;
    const names = kind === 'LICENSE_UPDATED' || kind === 'LICENSE_DEPROVISIONED';
    this.events.push({
      fact: {
        kind,
        agreementId: record.agreementId,
        time: this.now + delay,
        customerAwsAccountId: '111122223333',
        ...more,
        ...(names ? { licenseArn, productCode: 'product' } : {}),
      },
      ...(names ? { licenseId: licenseArn.slice(licenseArn.lastIndexOf(':') + 1) } : {}),
    });
  }
}

/** AWS's record of a seller's agreements, in pages. */
export class FakeAgreementSource implements AgreementSource {
  readonly calls: (AgreementQuery & { readonly page?: string } | { readonly described: string })[] = [];
  /** Duration by agreement id. */
  readonly trials = new Map<string, string>();
  readonly termsRead: string[] = [];
  pageSize = 50;
  /** Fields that summaries lack. */
  missing: readonly (keyof AgreementRecord)[] = [];

  constructor(private readonly records: ReadonlyMap<string, AgreementRecord>) {}

  /** Called before each search: it may throw. */
  before(_query: AgreementQuery): void {}

  async search(query: AgreementQuery, page?: string): Promise<AgreementPage> {
    this.calls.push({ ...query, ...(page === undefined ? {} : { page }) });
    this.before(query);
    const found = [...this.records.values()].filter((record) => matches(record, query));
    const start = Number(page ?? 0);
    const end = start + this.pageSize;
    return {
      agreements: found.slice(start, end).map((record) => without(record, this.missing)),
      ...(end < found.length ? { nextToken: String(end) } : {}),
    };
  }

  async terms(agreementId: string): Promise<AgreementTerms> {
    this.termsRead.push(agreementId);
    const freeTrialDuration = this.trials.get(agreementId);
    return freeTrialDuration === undefined ? {} : { freeTrialDuration };
  }

  async describe(agreementId: string): Promise<AgreementRecord> {
    this.calls.push({ described: agreementId });
    return { ...without(this.records.get(agreementId) as AgreementRecord, ['lastUpdateTime']), licenseArns: [] };
  }
}

function without(record: AgreementRecord, fields: readonly (keyof AgreementRecord)[]): AgreementRecord {
  const kept = Object.entries(record).filter(([field]) => !fields.includes(field as keyof AgreementRecord));
  return Object.fromEntries(kept) as unknown as AgreementRecord;
}

function matches(record: AgreementRecord, { updatedAfter, productId, licenseArn, initialAgreementId }: AgreementQuery): boolean {
  return (updatedAfter === undefined || (record.lastUpdateTime ?? 0) > updatedAfter)
    && (productId === undefined || record.productIds.includes(productId))
    && (licenseArn === undefined || record.licenseArns.includes(licenseArn))
    && (initialAgreementId === undefined || record.initialAgreementId === initialAgreementId);
}
