import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { MarketplaceMeteringClient } from '@aws-sdk/client-marketplace-metering';
import { MarketplaceMeteringApi } from '../../lambda/adapters/marketplace/metering-client';
import { DynamoEndedLicenses } from '../../lambda/adapters/subscriptions/ended-licenses';
import type { MeteredLicense, SubscriptionDirectory } from '../../lambda/domain/subscription-directory';
import { HOUR_MS, MINUTE_MS } from '../../lambda/domain/usage/ledger/hour';
import type { MeteringDependencies } from '../../lambda/metering/dependencies';
import { Metering } from '../../lambda/metering/run';
import { Intake } from '../../lambda/usage-intake/intake';
import { type LocalDynamo, startDynamo } from '../support/dynoxide';
import { type TableStores, tableStores } from '../support/ledger/table-stores';
import { SILENT, Telemetry } from '../support/telemetry';

export const DIMENSIONS = Array.from({ length: 10 }, (_, i) => `Dimension${i}`);
export const LICENSES = 1000;
/** Closed hours, young enough to be sent. */
const HOURS = 18;

interface Sold { readonly licenseId: string; readonly licenseArn: string; readonly customerAwsAccountId: string }

interface Metered {
  readonly records: number;
  readonly calls: { readonly total: number; readonly throttled: number; readonly failed: number };
}

/** Intake and metering with their real adapters, on an in-memory DynamoDB and the emulated BatchMeterUsage. */
export class LedgerWorld {
  static async start(callsPerSecond: number): Promise<LedgerWorld> {
    const dynamo = await startDynamo();
    const stores = await tableStores(dynamo);
    const marketplace = fork(path.join(__dirname, 'marketplace-process.ts'), [String(LICENSES), DIMENSIONS.join(','), String(callsPerSecond)], {
      execArgv: ['-r', 'ts-node/register/transpile-only'],
    });
    const [{ port, licenses }] = await once(marketplace, 'message') as [{ port: number; licenses: Sold[] }];
    return new LedgerWorld(dynamo, stores, marketplace, port, licenses);
  }

  requests = 0;
  private readonly begun = Date.now();

  private constructor(
    private readonly dynamo: LocalDynamo, private readonly stores: TableStores, private readonly marketplace: ChildProcess,
    private readonly port: number, readonly licenses: readonly Sold[],
  ) {
    dynamo.documentClient.middlewareStack.add((next) => (input) => {
      this.requests += 1;
      return next(input);
    }, { step: 'initialize' });
  }

  async stop(): Promise<void> {
    this.marketplace.disconnect();
    await this.dynamo.stop();
  }

  /** What Marketplace has. */
  async metered(): Promise<Metered> {
    this.marketplace.send('state');
    const [state] = await once(this.marketplace, 'message');
    return state as Metered;
  }

  intake(): Intake {
    return new Intake({
      store: this.stores.intake,
      endedLicenses: new DynamoEndedLicenses(this.dynamo.documentClient, this.stores.subscriptionsTable),
      clock: { now: () => Date.now() },
      log: SILENT,
      metrics: new Telemetry(),
      productCode: 'benchmark',
      dimensions: DIMENSIONS.map((name) => ({ name, kind: 'METERED' })),
      closeGrace: 10 * MINUTE_MS,
    });
  }

  metering(maxCallsPerSecond: number): Metering {
    return new Metering(this.meteringDependencies(maxCallsPerSecond));
  }

  /** One usage record for each of `count` buckets that are due, as the app would report them. */
  *usage(count: number): Iterable<Record<string, unknown>> {
    const room = this.licenses.length * DIMENSIONS.length * HOURS;
    if (count > room) throw new Error(`${count} buckets are more than the ${room} there are`);
    for (let i = 0; i < count; i++) {
      const license = this.licenses[i % this.licenses.length].licenseId;
      const dimension = DIMENSIONS[Math.floor(i / this.licenses.length) % DIMENSIONS.length];
      const hour = Math.floor(i / this.licenses.length / DIMENSIONS.length);
      // An hour, and its grace, ago: due.
      const time = new Date(this.begun - (2 + hour) * HOUR_MS).toISOString();
      yield { id: `record-${i}`, license, dimension, quantity: 1 + (i % 97), time };
    }
  }

  /** Reports usage for `count` buckets. Returns the seconds it took. */
  async report(count: number, batch = 100, expected = 'ACCEPTED'): Promise<number> {
    const intake = this.intake();
    const begun = performance.now();
    let records: { original: unknown }[] = [];
    const flush = async (): Promise<void> => {
      const taken = await intake.take(records);
      const wrong = taken.find((result) => result.status !== expected);
      if (wrong) throw new Error(`not ${expected}: ${JSON.stringify(wrong)}`);
      records = [];
    };
    for (const original of this.usage(count)) {
      records.push({ original });
      if (records.length === batch) await flush();
    }
    if (records.length > 0) await flush();
    return (performance.now() - begun) / 1000;
  }

  private meteringDependencies(maxCallsPerSecond: number): MeteringDependencies {
    const licenses = new Map<string, MeteredLicense>(this.licenses.map((sold) => [sold.licenseId, {
      ...sold, productCode: 'benchmark', status: 'ACTIVE', activeSince: Date.now() - 29 * HOUR_MS,
    }]));
    const directory: SubscriptionDirectory = {
      get: async (licenseId) => licenses.get(licenseId),
      list: async function* (status) {
        for (const license of licenses.values()) if (license.status === status) yield license;
      },
    };
    let tokens = 0;
    const client = new MarketplaceMeteringClient({
      endpoint: `http://127.0.0.1:${this.port}`, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'benchmark', secretAccessKey: 'benchmark' },
    });
    return {
      ledger: this.stores.ledger,
      due: this.stores.due,
      control: this.stores.control,
      directory,
      api: new MarketplaceMeteringApi(() => client),
      clock: { now: () => Date.now() },
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      random: Math.random,
      newToken: () => `token-${tokens += 1}`,
      log: SILENT,
      metrics: new Telemetry(),
      rules: { closeGrace: 10 * MINUTE_MS, finalUsageGrace: 10 * MINUTE_MS, lateUsage: 'CARRY_FORWARD', reportZeroUsage: false },
      mode: 'LIVE',
      meteringRegion: 'us-east-1',
      productCode: 'benchmark',
      dimensions: DIMENSIONS.map((name) => ({ name, kind: 'METERED' })),
      maxCallsPerSecond,
      lanes: 6,
      concurrency: 8,
    };
  }
}
