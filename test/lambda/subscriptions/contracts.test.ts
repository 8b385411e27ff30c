import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { DynamoEntitlementHistory } from '../../../lambda/adapters/subscriptions/entitlement-history';
import type { Entitlements } from '../../../lambda/domain/entitlements/entitlement';
import type { EntitlementSource } from '../../../lambda/domain/entitlements/ports';
import { replay } from '../../../lambda/reconciliation/replay';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { LICENSE } from '../../support/facts';
import { type Intercept, PRODUCT, startIntegration } from '../../support/integration';
import { SILENT } from '../../support/telemetry';

jest.setTimeout(30_000);

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const START = Date.parse('2026-08-20T14:24:23Z');
const MINUTE = 60_000;
const users = (value: number): Entitlements => ({ Users: { valueType: 'INTEGER', value } });
const updated = (time = '2026-08-20T14:24:23Z') => ({ ...fixture('observed-2-license-updated-manufacturer'), time });

class FakeEntitlements implements EntitlementSource {
  asked = 0;
  answer: Entitlements | Error = {};

  async entitlementsOf(): Promise<Entitlements> {
    this.asked += 1;
    if (this.answer instanceof Error) {
      throw this.answer;
    }
    return this.answer;
  }
}

async function contract(intercept?: Intercept) {
  const aws = new FakeEntitlements();
  const app = await startIntegration(dynamo, { productName: 'Acme' }, intercept, aws);
  app.time.now = START + MINUTE;
  return {
    ...app,
    app,
    aws,
    known: async () => app.entitlements.read(LICENSE),
    reconcileAfter: async (minutes: number) => {
      app.time.now += minutes * MINUTE;
      await app.reconcile();
    },
    changes: () => app.bus.sent.filter(({ detailType }) => detailType === 'Entitlement Changed').map(({ detail }) => detail),
  };
}

test('License Updated makes AWS\'s entitlements known, and the app is sent what changed', async () => {
  const { app, aws, known, changes } = await contract();
  aws.answer = users(10);
  await app.deliver(updated());
  expect(await known()).toMatchObject({ entitlements: users(10), since: START });
  expect(changes()).toEqual([expect.objectContaining({
    eventId: `entitlement-changed:1:${LICENSE}`,
    status: 'ACTIVE',
    changedAt: '2026-08-20T14:24:23.000Z',
    entitlements: users(10),
    changes: [{ dimension: 'Users', after: { valueType: 'INTEGER', value: 10 }, difference: 10 }],
  })]);
});

test('the event follows its schema', async () => {
  const { app, aws, changes, reconcileAfter } = await contract();
  const schema = JSON.parse(readFileSync(path.join(__dirname, '../../../schema/events/entitlement-changed.schema.json'), 'utf8'));
  const validate = new Ajv2020({ allowUnionTypes: true, formats: { 'date-time': true } }).compile(schema);
  aws.answer = { ...users(10), Gb: { valueType: 'DOUBLE', value: 0.5, expiresAt: '2027-01-01T00:00:00.000Z' }, Sso: { valueType: 'BOOLEAN', value: false }, Bare: {} };
  await app.deliver(updated());
  aws.answer = { Tier: { valueType: 'STRING', value: 'gold' } };
  await reconcileAfter(5);
  expect(changes()).toHaveLength(2);
  for (const detail of changes()) {
    expect([validate(detail), validate.errors]).toEqual([true, null]);
  }
});

test('the latest change of entitlements is published again by a replay, as it was', async () => {
  const { app, aws, changes, reconcileAfter } = await contract();
  aws.answer = users(10);
  await app.deliver(updated());
  aws.answer = users(25);
  await reconcileAfter(5);
  const [, latest] = changes();
  const { store, entitlements } = app;
  const report = await replay({ replay: { license: LICENSE, event: 'Entitlement Changed' } }, {
    store, entitlements, publisher: app.bus, productCode: PRODUCT, log: SILENT,
  });
  expect(report).toMatchObject({ replayed: [{ eventId: latest.eventId }] });
  expect(changes()).toEqual([expect.anything(), latest, latest]);
  expect(latest).toMatchObject({ changes: [{ dimension: 'Users', difference: 15 }] });
});

test('a repeated License Updated asks AWS again and sends nothing twice', async () => {
  const { app, aws, changes } = await contract();
  aws.answer = users(10);
  await app.deliver(updated(), updated());
  expect(aws.asked).toBe(2);
  expect(changes()).toHaveLength(1);
});

test('reconciliation asks again when AWS had no answer at first, and counts what it repaired', async () => {
  const { app, aws, known, reconcileAfter } = await contract();
  aws.answer = new Error('throttled');
  await app.deliver(updated());
  expect(await known()).toMatchObject({ entitlements: {} });
  aws.answer = users(10);
  await reconcileAfter(4);
  expect(aws.asked).toBe(1);
  await reconcileAfter(1);
  expect(await known()).toMatchObject({ entitlements: users(10), since: START });
  expect(app.telemetry.values).toMatchObject({ EntitlementReadsFailed: 1, EntitlementsRepaired: 1 });
});

test('an undisturbed contract is asked about once a day', async () => {
  const { app, aws, reconcileAfter } = await contract();
  aws.answer = users(10);
  await app.deliver(updated());
  await reconcileAfter(10 * 24 * 60);
  aws.asked = 0;
  for (let run = 0; run < 8; run += 1) {
    await reconcileAfter(6 * 60);
  }
  expect(aws.asked).toBe(2);
});

test('a registration touches no entitlement that is known', async () => {
  const { app, aws, known } = await contract();
  aws.answer = users(10);
  await app.deliver(updated());
  const before = await known();
  await app.recorder.recordFacts(LICENSE, { agreements: {}, registrations: { r: app.time.now } }, app.time.now);
  expect(await known()).toEqual(before);
});

test('the end of the license takes the entitlements away at the time of its end, even when AWS cannot be asked', async () => {
  const { app, aws, known, changes } = await contract();
  aws.answer = users(10);
  await app.deliver(updated());
  aws.answer = new Error('down');
  await app.deliver(fixture('observed-4-license-deprovisioned-manufacturer'), fixture('observed-3-ended-proposer'));
  expect(await known()).toMatchObject({ entitlements: {}, since: Date.parse('2026-08-20T14:24:57Z') + 31_000 });
  expect(changes().map(({ status, changes: [change] }: any) => [status, change.difference])).toEqual([['ACTIVE', 10], ['ENDING', -10]]);
  expect(aws.asked).toBe(1);
});

test('what a buyer was entitled to at any earlier time can be looked up', async () => {
  const { app, aws, reconcileAfter } = await contract();
  aws.answer = users(10);
  await app.deliver(updated());
  for (const value of [15, 5]) {
    aws.answer = users(value);
    await reconcileAfter(24 * 60);
  }
  const history = new DynamoEntitlementHistory(app.documentClient, app.tables.subscriptions);
  const during = async (from: number, until: number) => {
    const { periods } = await history.during(LICENSE, START + from * MINUTE, START + until * MINUTE);
    return periods.map(({ entitlements }) => entitlements.Users?.value);
  };
  const day = 24 * 60;
  expect(await during(0, 1)).toEqual([10]);
  expect(await during(day, day + 1)).toEqual([10]);
  expect(await during(day, day + 2)).toEqual([10, 15]);
  expect(await during(day + 1, 2 * day)).toEqual([15]);
  expect(await during(1, 2 * day + 60)).toEqual([10, 15, 5]);
  expect(await during(2 * day + 1, 3 * day)).toEqual([5]);
  // Before the first, that one counts; of an unknown license none.
  expect(await during(-60, -1)).toEqual([10]);
  expect(await history.during('l-unknown', START, START + 1)).toEqual({ periods: [] });
});

test('after a crash at any write and redelivery, the entitlements, their history and the events are the same', async () => {
  const READS = ['GetCommand', 'QueryCommand', 'ScanCommand'];
  const play = async (crashAt: number) => {
    let writes = 0;
    const { app, aws, known, bus } = await contract(async (call, operation) => {
      const answer = await call();
      writes += READS.includes(operation) ? 0 : 1;
      if (writes === crashAt && !READS.includes(operation)) {
        throw new Error('crashed');
      }
      return answer;
    });
    const deliver = async (event: unknown) => {
      for (let tries = 0; tries < 3; tries += 1) {
        if ((await app.deliver(event)).batchItemFailures.length === 0) {
          return;
        }
      }
    };
    aws.answer = users(10);
    await deliver(updated());
    app.time.now += 10 * MINUTE;
    aws.answer = users(20);
    await deliver(updated('2026-08-20T14:30:00Z'));
    await deliver(fixture('observed-3-ended-proposer'));
    for (const run of [1, 2]) {
      app.time.now += run * MINUTE;
      await app.reconcile().catch(() => undefined);
    }
    const time = Date.parse('2026-08-20T14:29:00Z');
    const { periods: [period] } = await new DynamoEntitlementHistory(app.documentClient, app.tables.subscriptions).during(LICENSE, time, time + 1);
    return { outcome: { known: await known(), period, events: bus.ids }, writes };
  };
  const { outcome, writes } = await play(0);
  expect(outcome.known).toMatchObject({ entitlements: {}, changes: 1 + 1 + 1 });
  expect(writes).toBeGreaterThan(10);
  for (let crashAt = 1; crashAt <= writes; crashAt += 1) {
    const { known: { askedAt, ...known } = {}, ...rest } = (await play(crashAt)).outcome as any;
    const { askedAt: _, ...expected } = outcome.known as any;
    expect({ crashAt, known, ...rest }).toEqual({ crashAt, ...outcome, known: expected });
  }
}, 120_000);
