import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { withOutbox } from '../../../lambda/adapters/events/outbox';
import type { DomainEvent } from '../../../lambda/domain/domain-event';
import { EMPTY_FACTS } from '../../../lambda/domain/subscription/facts';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { ARN, at, fact, factsOf, LICENSE } from '../../support/facts';
import { PRODUCT, startIntegration } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const active = factsOf(fact('LICENSE_UPDATED', 0));
const ended = factsOf(fact('LICENSE_UPDATED', 0), fact('ENDED', 10, { status: 'CANCELLED' }));
const pending = { ...EMPTY_FACTS, resolution: { firstAt: at(0), lastAt: at(0), customerAwsAccountId: '111122223333', productCode: 'product' } };

describe('reconciliation', () => {
  test('reconciliation ends subscriptions whose final hour is over, and no other', async () => {
    const app = await startIntegration(dynamo);
    await app.recorder.recordFacts('l-over', ended, at(11));
    await app.recorder.recordFacts('l-late', factsOf(fact('LICENSE_UPDATED', 0), fact('LICENSE_DEPROVISIONED', 11)), at(11));
    await app.recorder.recordFacts('l-active', active, at(11));
    app.time.now = at(70);
    await app.reconcile();
    const statuses = await Promise.all(['l-over', 'l-late', 'l-active'].map(async (id) => (await app.item(id))?.status));
    expect(statuses).toEqual(['ENDED', 'ENDING', 'ACTIVE']);
    expect(app.bus.sent.filter((event) => event.detailType === 'Subscription Ended').map((event) => event.detail)).toMatchObject([
      { licenseId: 'l-over', status: 'ENDED', endedAt: '2026-11-23T00:10:00.000Z', finalWindowClosesAt: '2026-11-23T01:10:00.000Z' },
    ]);
  });

  test('a later Deprovisioned reopens the final hour, without another event', async () => {
    const app = await startIntegration(dynamo);
    await app.recorder.recordFacts(LICENSE, ended, at(11));
    app.time.now = at(70);
    await app.reconcile();
    await app.recorder.recordFacts(LICENSE, factsOf(fact('LICENSE_DEPROVISIONED', 65)), at(71));
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ENDING', statusAt: '2026-11-23T02:05:00.000Z' });
    app.time.now = at(125);
    await app.reconcile();
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ENDED' });
    expect(app.bus.ids).toHaveLength(3);
  });

  test('reconciliation reports what is stuck', async () => {
    const app = await startIntegration(dynamo);
    await app.recorder.recordFacts('l-pending', pending, at(0));
    await app.recorder.recordFacts('l-unregistered', active, at(0));
    await app.recorder.recordFacts('l-registered', { ...active, registrations: { r: at(1) } }, at(1));
    app.time.now = at(59);
    await app.reconcile();
    expect(app.telemetry.values).toMatchObject({ SubscriptionsStuckPending: 0, SubscriptionsUnregistered: 0, OutboxBacklog: 0 });
    app.time.now = at(24 * 60 + 1);
    await app.reconcile();
    expect(app.telemetry.values).toMatchObject({ SubscriptionsStuckPending: 1, SubscriptionsUnregistered: 1, OutboxBacklog: 0 });
    // A purchase that led to nothing is forgotten after a week; the count does not grow.
    app.time.now = at(8 * 24 * 60);
    await app.reconcile();
    expect(app.telemetry.values).toMatchObject({ SubscriptionsStuckPending: 1, SubscriptionsUnregistered: 1 });
  });

  test('each unregistered subscription is counted once, so that a new case shows while an old one is open', async () => {
    const app = await startIntegration(dynamo);
    const countedBy = async (minutes: number) => {
      app.time.now = at(minutes);
      app.telemetry.values.SubscriptionsUnregistered = 0;
      await app.reconcile();
      return app.telemetry.values.SubscriptionsUnregistered;
    };
    await app.recorder.recordFacts('l-first', active, at(0));
    await app.recorder.recordFacts('l-second', factsOf(fact('LICENSE_UPDATED', 300)), at(300));
    expect(await countedBy(24 * 60)).toBe(1);
    expect(await countedBy(24 * 60 + 120)).toBe(0);
    expect(await countedBy(24 * 60 + 300)).toBe(1);
    expect(await countedBy(24 * 60 + 600)).toBe(0);
  });

  test('a subscription whose activation arrives over a day late is counted when it arrives', async () => {
    const app = await startIntegration(dynamo);
    app.time.now = at(3 * 24 * 60);
    await app.reconcile();
    await app.recorder.recordFacts('l-late', active, at(3 * 24 * 60));
    expect(app.telemetry.values.SubscriptionsUnregistered).toBe(1);
    app.time.now = at(4 * 24 * 60);
    await app.reconcile();
    expect(app.telemetry.values.SubscriptionsUnregistered).toBe(1);
  });

  test('subscriptions are checked for a registration once an hour, and only those that are new since the last check are read', async () => {
    const reads: number[] = [];
    const app = await startIntegration(dynamo, undefined, async (call) => {
      const result = await call() as { ScannedCount?: number; Items?: unknown };
      if (result?.ScannedCount !== undefined && result.Items === undefined) {
        reads.push(result.ScannedCount);
      }
      return result;
    });
    for (let index = 0; index < 20; index += 1) {
      await app.recorder.recordFacts(`l-${index}`, factsOf(fact('LICENSE_UPDATED', index)), at(index));
    }
    for (let minutes = 0; minutes < 120; minutes += 5) {
      app.time.now = at(24 * 60 + minutes);
      await app.reconcile();
    }
    expect(app.telemetry.values.SubscriptionsUnregistered).toBe(20);
    expect(reads.reduce((sum, read) => sum + read, 0)).toBe(20);
  });

  test('a free trial that is active an hour after its end becomes a paid subscription, once', async () => {
    const app = await startIntegration(dynamo);
    const trialEndsAt = new Date(at(24 * 60)).toISOString();
    await app.trials.watch(LICENSE, at(25 * 60));
    await app.recorder.recordFacts(LICENSE, factsOf(fact('LICENSE_UPDATED', 0), fact('TERMS', 0, { trialEndsAt })), at(0));
    expect(await app.item(LICENSE)).toMatchObject({ freeTrial: true, trialEndsAt });
    for (let hours = 23; hours < 28; hours += 1) {
      app.time.now = at(hours * 60);
      await app.reconcile();
    }
    expect(app.bus.sent.filter(({ detailType }) => detailType === 'Free Trial Converted').map(({ detail }) => detail)).toMatchObject([
      { licenseId: LICENSE, status: 'ACTIVE', convertedAt: trialEndsAt, freeTrial: false },
    ]);
    expect(await app.item(LICENSE)).toMatchObject({ freeTrial: false });
    expect((await app.everything()).filter((item) => item?.status === 'FREE_TRIAL')).toEqual([]);
  });

  test('the progress of the scan of agreements outlives a run', async () => {
    const app = await startIntegration(dynamo);
    await app.reconcile();
    app.agreements.set('agmt-a', {
      agreementId: 'agmt-a',
      status: 'CANCELLED',
      initialAgreementId: 'agmt-a',
      customerAwsAccountId: '111122223333',
      productIds: ['prod-a'],
      licenseArns: [ARN],
      startTime: at(-600),
      lastUpdateTime: at(10),
    });
    await app.recorder.recordFacts(LICENSE, factsOf(fact('LICENSE_UPDATED', -600, { productCode: PRODUCT })), at(0));
    app.time.now = at(30);
    await app.reconcile();
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ENDING', endStatus: 'CANCELLED' });
    expect((await app.everything()).find((item) => item?.sk === 'AGREEMENTS')).toMatchObject({ checkedUntil: '2026-11-23T00:30:00.000Z', productId: 'prod-a' });
    expect(app.telemetry.values.SubscriptionsRepaired).toBe(1);
  });

  test('each run counts as a heartbeat, even if a step fails', async () => {
    const app = await startIntegration(dynamo);
    await app.reconcile();
    expect(app.telemetry.values.ReconciliationRuns).toBe(1);
    app.failOnce(new Error('throttled'));
    await expect(app.reconcile()).rejects.toThrow('throttled');
    expect(app.telemetry.values.ReconciliationRuns).toBe(2);
  });

  test('a license that renews another one does not count as unregistered', async () => {
    const app = await startIntegration(dynamo);
    const renewal = { agreementId: 'agmt-b', intent: 'RENEW', previousAgreementId: 'agmt-a' };
    await app.recorder.recordFacts('l-renewed', factsOf(fact('CREATED', 0, renewal), fact('LICENSE_UPDATED', 0, renewal)), at(0));
    await app.recorder.recordFacts('l-bought', factsOf(fact('CREATED', 0, { intent: 'NEW' }), fact('LICENSE_UPDATED', 0)), at(0));
    app.time.now = at(24 * 60 + 1);
    await app.reconcile();
    expect(app.telemetry.values.SubscriptionsUnregistered).toBe(1);
  });

  test('the sweep publishes the events of both tables, even if some fail', async () => {
    const app = await startIntegration(dynamo);
    const event = (eventId: string): DomainEvent => ({ detailType: 'Usage Rejected', time: '2026-11-23T00:00:00.000Z', detail: { version: '1', eventId, productCode: 'p' } });
    for (const pk of ['X#1', 'X#2', 'X#3']) {
      await dynamo.documentClient.send(new PutCommand({
        TableName: app.tables.usage, Item: { pk, sk: 'x', kept: true, ...withOutbox(pk, undefined, [event(pk)], at(0)) },
      }));
    }
    app.bus.available = false;
    await app.recorder.recordFacts(LICENSE, active, at(0));
    app.bus.available = true;
    app.bus.refused.add('X#2');
    app.time.now = at(16);
    await app.reconcile();
    expect(app.bus.ids).toEqual(['X#1', 'X#3', `subscription-activated:agmt-a:${LICENSE}`]);
    expect(app.telemetry.values.OutboxBacklog).toBe(1);
    app.bus.refused.clear();
    await app.reconcile();
    expect(app.bus.ids).toHaveLength(4);
    expect(JSON.stringify(await app.everything())).not.toContain('outbox');
    expect((await app.everything()).filter((item) => item?.kept)).toHaveLength(3);
  });

  test('events that the bus refuses for good do not stop the sweep', async () => {
    const app = await startIntegration(dynamo);
    app.bus.available = false;
    const many = Array.from({ length: 30 }, (_, index) => `l-${index}`);
    for (const id of many) {
      await app.recorder.recordFacts(id, active, at(0));
    }
    app.bus.available = true;
    for (const id of many.slice(0, 25)) {
      app.bus.tooLarge.add(`subscription-activated:agmt-a:${id}`);
    }
    app.time.now = at(5);
    await app.reconcile();
    expect(app.bus.ids).toEqual(many.slice(25).map((id) => `subscription-activated:agmt-a:${id}`));
  });

  test('the sweep stops after a few failures of the bus', async () => {
    const app = await startIntegration(dynamo);
    app.bus.available = false;
    for (let index = 0; index < 30; index += 1) {
      await app.recorder.recordFacts(`l-${index}`, active, at(0));
    }
    app.bus.attempts = 0;
    app.time.now = at(20);
    await app.reconcile();
    expect(app.bus.attempts).toBe(3);
    expect(app.telemetry.values.OutboxBacklog).toBe(30);
  });

  test('an unavailable bus is tried once for the subscriptions that end, and then by the sweep', async () => {
    const app = await startIntegration(dynamo);
    app.bus.available = false;
    for (let index = 0; index < 5; index += 1) {
      await app.recorder.recordFacts(`l-${index}`, ended, at(11));
    }
    app.bus.attempts = 0;
    app.time.now = at(70);
    await app.reconcile();
    expect(app.bus.attempts).toBe(1 + 3);
    await app.reconcile();
    expect(app.bus.attempts).toBe(1 + 3 + 3);
    app.bus.available = true;
    await app.reconcile();
    expect(app.bus.ids).toHaveLength(15);
  });

  test('the sweep leaves alone what a handler is about to publish', async () => {
    const app = await startIntegration(dynamo);
    app.bus.available = false;
    await app.recorder.recordFacts(LICENSE, active, at(0));
    app.bus.available = true;
    app.time.now = at(0) + 29_000;
    await app.reconcile();
    expect(app.bus.sent).toEqual([]);
  });

  test('the sweep does not clear events that were added while it published', async () => {
    const app = await startIntegration(dynamo);
    app.bus.available = false;
    await app.recorder.recordFacts(LICENSE, active, at(0));
    app.bus.available = true;
    app.bus.onPublish = async () => {
      app.bus.onPublish = undefined;
      await app.store.addFacts(LICENSE, factsOf(fact('AMENDED', 1)), at(1));
    };
    app.time.now = at(5);
    await app.reconcile();
    expect((await app.item(LICENSE))?.outbox).toHaveLength(2);
    await app.reconcile();
    expect(app.bus.ids).toHaveLength(2);
    expect(await app.item(LICENSE)).not.toHaveProperty('outbox');
  });

  test('reconciliation stops in time, and the next run continues', async () => {
    const app = await startIntegration(dynamo);
    for (let index = 0; index < 5; index += 1) {
      await app.recorder.recordFacts(`l-${index}`, ended, at(11));
    }
    app.time.now = at(70);
    let left = 3;
    await app.reconcile(() => (left -= 1) >= 0 ? 60_000 : 9_000);
    const count = async () => (await app.everything()).filter((item) => item?.status === 'ENDED').length;
    expect(await count()).toBe(3);
    await app.reconcile();
    expect(await count()).toBe(5);
  });

  test('a gauge of 0 is not written when there was no time to look everywhere', async () => {
    let more = false;
    const app = await startIntegration(dynamo, undefined, async (call) => {
      const result = await call() as { Count?: number; Items?: unknown };
      return more && result?.Count !== undefined && result.Items === undefined ? { ...result, LastEvaluatedKey: {} } : result;
    });
    const { values: counts } = app.telemetry;
    const reported = async () => {
      delete counts.SubscriptionsStuckPending;
      await app.reconcile(() => 0);
      return counts.SubscriptionsStuckPending;
    };
    expect(await reported()).toBe(0);
    more = true;
    expect(await reported()).toBeUndefined();
    more = false;
    const registration = { registrationId: 'r', resolvedAt: at(0), registeredAt: at(0) };
    await app.addUnlinked({ customerAwsAccountId: '111111111111', productCode: 'product' }, registration, at(0));
    expect(await reported()).toBeUndefined();
  });

  test('the steps after a failed step run, and then the function fails', async () => {
    const app = await startIntegration(dynamo);
    await app.recorder.recordFacts(LICENSE, ended, at(11));
    app.time.now = at(70);
    app.failOnce(new Error('throttled'));
    await expect(app.reconcile()).rejects.toThrow('throttled');
    // The progress could not be read, without which neither free trials and registrations nor agreements are checked.
    expect(app.telemetry.values).toEqual({
      SubscriptionsStuckPending: 0,
      OutboxBacklog: 0,
      OldestPendingUsageAge: 0,
      MeteringRecordsUnresolved: 0,
      MeteringConflicts: 0,
      ReconciliationRuns: 1,
    });
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ENDED' });
    await app.reconcile();
    expect(app.telemetry.values).toMatchObject({ SubscriptionsUnregistered: 0 });
  });

  test('an item that fails stops no other item, and then the function fails', async () => {
    const app = await startIntegration(dynamo);
    for (const id of ['l-1', 'l-2', 'l-3']) {
      await app.recorder.recordFacts(id, ended, at(11));
    }
    const accounts = ['111111111111', '222222222222'].map((customerAwsAccountId) => ({ customerAwsAccountId, productCode: 'product' }));
    for (const account of accounts) {
      await app.addUnlinked(account, { registrationId: `r-${account.customerAwsAccountId}`, resolvedAt: at(0), registeredAt: at(0) }, at(0));
    }
    const spoil = async (pk: string, sk: string, attribute: string, nonsense: object) => dynamo.documentClient.send(new UpdateCommand({
      TableName: app.tables.subscriptions,
      Key: { pk, sk },
      UpdateExpression: 'SET #spoiled = :nonsense',
      ExpressionAttributeNames: { '#spoiled': attribute },
      ExpressionAttributeValues: { ':nonsense': nonsense },
    }));
    await spoil('L#l-1', 'SUBSCRIPTION', 'facts', { agreements: { nonsense: null } });
    await spoil('P#product#111111111111', 'REGISTRATIONS', 'registrations', { nonsense: null });
    app.time.now = at(70);
    await expect(app.reconcile()).rejects.toThrow(TypeError);
    const statuses = await Promise.all(['l-1', 'l-2', 'l-3'].map(async (id) => (await app.item(id))?.status));
    expect(statuses).toEqual(['ENDING', 'ENDED', 'ENDED']);
    expect(app.telemetry.values.SubscriptionsStuckPending).toBe(1);
    expect(app.telemetry.lines.filter((line) => line.includes('could not be reconciled'))).toHaveLength(2);
  });
});
