import { FakeMarketplace } from './fake-marketplace';
import { Gate, OPEN_GATE } from './gate';
import { MemoryStore } from './memory-store';
import { Entitlements } from '../../../lambda/domain/entitlements/entitlement';
import { EntitlementHistory, EntitlementPeriod, KnownEntitlements } from '../../../lambda/domain/entitlements/ports';
import { MeteredLicense, SubscriptionDirectory, SubscriptionStatus } from '../../../lambda/domain/subscription-directory';
import { bucketId } from '../../../lambda/domain/usage/ledger/bucket';
import { HOUR_MS, hourOf, MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { EndedLicenses } from '../../../lambda/domain/usage/ports';
import { MeteringDependencies } from '../../../lambda/metering/dependencies';
import { Metering, RunReport } from '../../../lambda/metering/run';
import { PendingUsageGauge } from '../../../lambda/reconciliation/usage-gauges';
import { Intake, IntakeDeps, Taken } from '../../../lambda/usage-intake/intake';
import { DimensionConfig, OverageConfig } from '../../../src/names';
import { SILENT, Telemetry } from '../telemetry';

export { SILENT };

export const DIMENSIONS: readonly DimensionConfig[] = [
  { name: 'ApiCalls', kind: 'METERED' },
  { name: 'Units', kind: 'METERED', metrics: [{ name: 'BackupGb', unitsPerQuantity: '0.01' }, { name: 'Users', unitsPerQuantity: '3' }] },
];
/** One dimension whose usage is billed only beyond an entitlement. */
export function overage(per: OverageConfig['per']): readonly DimensionConfig[] {
  return [{ name: 'Users', kind: 'ENTITLED' }, { name: 'ApiCalls', kind: 'METERED', overage: { of: 'Users', per } }];
}

export const LICENSE = 'l-aaaa1111';
/** Grace of ten minutes, late usage carried. */
export const RULES: MeteringDependencies['rules'] = {
  closeGrace: 10 * MINUTE_MS, finalUsageGrace: 10 * MINUTE_MS, lateUsage: 'CARRY_FORWARD', reportZeroUsage: false,
};
export const START = Date.parse('2026-11-23T05:00:00Z');

export function arn(licenseId: string): string {
  return `arn:aws:license-manager::294406891311:license:${licenseId}`;
}

/** Licenses as the subscriptions table would show them. */
export class FakeDirectory implements SubscriptionDirectory {
  readonly licenses = new Map<string, Omit<MeteredLicense, 'status'> & { pending?: boolean }>();

  constructor(public gate: Gate) {}

  async get(licenseId: string, now: number): Promise<MeteredLicense | undefined> {
    await this.gate.pass('readLicense', 'before');
    return this.at(licenseId, now);
  }

  async *list(status: SubscriptionStatus, now: number): AsyncIterable<MeteredLicense> {
    await this.gate.pass('listLicenses', 'before');
    for (const licenseId of [...this.licenses.keys()].sort()) {
      const license = this.at(licenseId, now)!;
      if (license.status === status) yield license;
    }
  }

  private at(licenseId: string, now: number): MeteredLicense | undefined {
    const license = this.licenses.get(licenseId);
    if (!license) return undefined;
    const { pending, ...facts } = license;
    const ended = facts.endedAt !== undefined && facts.endedAt <= now;
    const status = pending ? 'PENDING' : !ended ? 'ACTIVE' : now >= facts.finalWindowClosesAt! ? 'ENDED' : 'ENDING';
    return { ...facts, status, ...(!ended && { endedAt: undefined, finalWindowClosesAt: undefined }) };
  }
}

/** What AWS has shown of the entitlements of licenses, and when it was asked. */
export class FakeEntitlements implements EntitlementHistory {
  readonly periods = new Map<string, EntitlementPeriod[]>();
  askedAt: number | undefined;

  constructor(public gate: Gate) {}

  /** From now on the license has these many users, of an agreement. */
  grant(since: number, users: number | undefined, { licenseId = LICENSE, agreementId = 'agmt-1' } = {}): void {
    const entitlements: Entitlements = users === undefined ? {} : { Users: { valueType: 'INTEGER', value: users } };
    this.periods.set(licenseId, [...this.periods.get(licenseId) ?? [], { since, entitlements, agreementId }]);
    this.askedAt = since;
  }

  async during(licenseId: string, from: number, until: number): Promise<KnownEntitlements> {
    await this.gate.pass('readEntitlements', 'before');
    const all = this.periods.get(licenseId) ?? [];
    const found = all.filter(({ since }, index) => since < until && (all[index + 1]?.since ?? Infinity) > from);
    return { periods: found.length > 0 ? found : all.slice(0, 1), askedAt: this.askedAt };
  }
}

export const NO_ENDED_LICENSES: EndedLicenses = { among: async () => new Set() };

export type LedgerFixtureOptions = Partial<Omit<MeteringDependencies, 'rules'>> & {
  readonly rules?: Partial<MeteringDependencies['rules']>;
  readonly gate?: Gate;
  readonly Store?: typeof MemoryStore;
};

/** Intake, metering, their table and the Marketplace, on a clock of their own. */
export class LedgerFixture {
  now = START;
  readonly clock = { now: () => this.now };
  readonly store: MemoryStore;
  readonly api: FakeMarketplace;
  readonly directory: FakeDirectory;
  readonly entitlements: FakeEntitlements;
  readonly metrics = new Telemetry();
  readonly deps: MeteringDependencies;
  private tokens = 0;
  private ids = 0;

  constructor(change: LedgerFixtureOptions = {}) {
    const { gate = OPEN_GATE, rules, Store = MemoryStore, ...rest } = change;
    this.store = new Store(gate);
    this.api = new FakeMarketplace(() => this.now, gate);
    this.directory = new FakeDirectory(gate);
    this.entitlements = new FakeEntitlements(gate);
    this.deps = {
      ledger: this.store,
      due: this.store,
      control: this.store,
      directory: this.directory,
      api: this.api,
      clock: this.clock,
      metrics: this.metrics,
      log: SILENT,
      sleep: async (milliseconds) => { this.now += milliseconds; },
      random: () => 0.5,
      newToken: () => `token-${this.tokens += 1}`,
      mode: 'LIVE',
      meteringRegion: 'us-east-1',
      productCode: 'product',
      dimensions: DIMENSIONS,
      draws: { entitlements: this.entitlements, allowances: this.store },
      maxCallsPerSecond: 10,
      lanes: 1,
      concurrency: 1,
      ...rest,
      rules: { ...RULES, ...rules },
    };
    this.subscribe(LICENSE);
  }

  subscribe(licenseId: string, facts: Partial<MeteredLicense> & { pending?: boolean } = {}): void {
    const known = { licenseId, licenseArn: arn(licenseId), customerAwsAccountId: '111122223333', productCode: 'product', activeSince: START - 48 * HOUR_MS };
    this.directory.licenses.set(licenseId, { ...known, ...facts });
  }

  /** The buyer cancels: Ended now, Deprovisioned 31 seconds later, and Marketplace closes an hour after that. */
  end(licenseId = LICENSE, facts: { deprovisionedAfter?: number; marketplaceClosesAt?: number } = {}): void {
    const deprovisioned = this.now + (facts.deprovisionedAfter ?? 31_000);
    this.subscribe(licenseId, { endedAt: this.now, finalWindowClosesAt: deprovisioned + HOUR_MS });
    this.api.closedAt.set(licenseId, facts.marketplaceClosesAt ?? deprovisioned + HOUR_MS);
  }

  at(time: string): this {
    this.now = Date.parse(time);
    return this;
  }

  record(quantity: number | string, change: Record<string, unknown> = {}): Record<string, unknown> {
    this.ids += 1;
    return { id: `r${this.ids}`, license: LICENSE, dimension: 'ApiCalls', quantity, time: new Date(this.now).toISOString(), ...change };
  }

  async take(...records: unknown[]): Promise<Taken[]> {
    return this.intake().take(records.map((original) => ({ original })));
  }

  /** Knows of no license that has ended, as if each piece of usage were accepted just before. */
  intake(change: Partial<IntakeDeps> = {}): Intake {
    const { clock, log, metrics, productCode, dimensions, rules } = this.deps;
    const deps = { store: this.store, endedLicenses: NO_ENDED_LICENSES, clock, log, metrics, productCode, dimensions, closeGrace: rules.closeGrace };
    return new Intake({ ...deps, ...change });
  }

  async report(quantity: number | string, change: Record<string, unknown> = {}): Promise<void> {
    const [result] = await this.take(this.record(quantity, change));
    if (result.status === 'REJECTED' || result.status === 'FAILED') throw new Error(`Not taken: ${JSON.stringify(result)}`);
  }

  async run(change: Partial<MeteringDependencies> = {}): Promise<RunReport> {
    return this.metering(change).runAll(this.now + 270_000);
  }

  metering(change: Partial<MeteringDependencies> = {}): Metering {
    return new Metering({ ...this.deps, ...change });
  }

  /** So many licenses, `l-0000` and on, each with usage of one unit more than the one before, in an hour that is closed now. */
  async withLicenses(count: number): Promise<this> {
    for (let index = 0; index < count; index += 1) {
      const license = `l-${String(index).padStart(4, '0')}`;
      this.subscribe(license);
      await this.report(index + 1, { license });
    }
    return this.at('2026-11-23T06:10:00Z');
  }

  /** Runs of the schedule, one every `minutes`, until `time`. */
  async runUntil(time: string, minutes = 5): Promise<void> {
    const end = Date.parse(time);
    while (this.now <= end) {
      const started = this.now;
      await this.run();
      this.now = Math.max(this.now, started + minutes * MINUTE_MS);
    }
    this.now = end;
  }

  billed(hour: string, dimension = 'ApiCalls', licenseId = LICENSE): number | undefined {
    return this.api.quantity(licenseId, dimension, hour);
  }

  partition(hour: string, dimension = 'ApiCalls', licenseId = LICENSE) {
    return this.store.partitions.get(bucketId({ licenseId, dimension, hour }));
  }

  state(hour: string, dimension = 'ApiCalls', licenseId = LICENSE): string | undefined {
    return this.partition(hour, dimension, licenseId)?.meta?.state;
  }

  hour(): string {
    return hourOf(this.now);
  }

  /** Age in seconds of the oldest pending usage, as reconciliation reports it. */
  async pendingAge(): Promise<number> {
    const gauge = new PendingUsageGauge(this.store, async (licenseId) => this.directory.licenses.has(licenseId));
    const { hourEnd } = await gauge.oldest(this.store.unfinished(this.now), this.now, () => true);
    return hourEnd === undefined ? 0 : (this.now - hourEnd) / 1000;
  }

  events(detailType: string) {
    const unique = new Map(this.store.published.map((event) => [event.detail.eventId, event]));
    return [...unique.values()].filter((event) => event.detailType === detailType);
  }
}
