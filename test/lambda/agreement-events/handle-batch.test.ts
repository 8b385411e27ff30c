import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { LICENSE, permutations } from '../../support/facts';
import { ACCOUNT, PRODUCT, startIntegration } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

async function startOnTheDay() {
  const app = await startIntegration(dynamo);
  app.time.now = Date.parse('2026-08-20T18:10:00Z');
  return app;
}

const created = fixture('created-proposer');
const updated = fixture('license-updated-manufacturer');

describe('agreement events', () => {
  test('an agreement event waits for its license, and is applied when that comes', async () => {
    const app = await startOnTheDay();
    await app.deliver(created, fixture('amended-proposer'), fixture('ended-proposer'));
    expect(await app.item(LICENSE)).toBeUndefined();
    expect(app.bus.sent).toEqual([]);
    await app.deliver(updated);
    expect(await app.item(LICENSE)).toMatchObject({
      status: 'ENDING', customerAwsAccountId: ACCOUNT, productCode: PRODUCT, agreementId: created.detail.agreement.id, endStatus: 'CANCELLED',
    });
    expect(app.bus.types).toEqual(['Subscription Activated', 'Subscription Updated', 'Subscription Ending']);
  });

  test('agreement events that are delivered again change nothing', async () => {
    const app = await startOnTheDay();
    const story = [created, updated, fixture('advisory-issued-manufacturer'), fixture('ended-proposer')];
    await app.deliver(...story);
    const item = await app.item(LICENSE);
    const published = app.bus.sent.length;
    app.time.now += 60_000;
    await app.deliver(...[...story].reverse(), ...story);
    expect(await app.item(LICENSE)).toEqual(item);
    expect(app.bus.sent).toHaveLength(published);
  });

  test('agreement events of another product are ignored', async () => {
    const app = await startOnTheDay();
    const other = { ...updated, detail: { ...updated.detail, product: { code: 'anotherproductcode0000000', id: 'prod-other' } } };
    expect(await app.deliver(other)).toEqual({ batchItemFailures: [] });
    expect(await app.item(LICENSE)).toBeUndefined();
  });

  test('agreement events of an unknown type are counted and removed from the queue', async () => {
    const app = await startOnTheDay();
    const unknown = { ...created, 'detail-type': 'Purchase Agreement Teleported - Proposer' };
    expect(await app.deliver(unknown, fixture('spend-threshold-vet-failed'))).toEqual({ batchItemFailures: [] });
    expect(app.telemetry.values.UnknownAgreementEvents).toBe(2);
    expect(app.telemetry.lines.join()).toContain('Purchase Agreement Teleported - Proposer');
  });

  test.each([
    ['not JSON', '{"detail', 'the message is not JSON'],
    ['without a time', { ...created, time: undefined }, 'time: '],
    ['from elsewhere', { ...created, source: 'com.example' }, 'source: '],
    ['without an agreement', { ...created, detail: {} }, 'detail.agreement: '],
    ['of a license that is none', { ...updated, detail: { ...updated.detail, license: { arn: 'arn:aws:s3:::bucket' } } }, 'detail.license.arn is "arn:aws:s3:::bucket"'],
    ['of an end without its status', { ...fixture('ended-proposer'), detail: { agreement: { id: 'agmt-x' } } }, 'detail.agreement.status is missing'],
  ])('an event that is %s fails alone, with the reason in the log', async (_, malformed, reason) => {
    const app = await startOnTheDay();
    expect(await app.deliver(created, malformed, updated)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(app.telemetry.lines.join()).toContain('Malformed agreement event');
    expect(app.telemetry.lines.join()).toContain(reason.replaceAll('"', '\\"'));
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ACTIVE' });
  });

  test('a fraud advisory is published and counted once, also when another region forwards it with another id and time', async () => {
    const app = await startOnTheDay();
    const issued = fixture('advisory-issued-manufacturer');
    const forwarded = { ...issued, id: 'given-by-the-other-region', time: '2026-08-20T15:20:00Z' };
    await app.deliver(created, updated, issued, issued, forwarded, fixture('advisory-resolved-manufacturer'));
    expect(app.bus.sent.map((event) => [event.detailType, event.detail.issuedAt ?? event.detail.resolvedAt])).toEqual([
      ['Subscription Activated', undefined], ['Advisory Issued', '2026-08-20T14:59:30Z'], ['Advisory Resolved', '2026-08-20T15:59:30Z'],
    ]);
    expect(app.telemetry.values.AdvisoriesIssued).toBe(1);
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ACTIVE' });
  });

  test.each([['amended-proposer', 'Subscription Updated'], ['ending-proposer', 'Subscription Updated'], ['renewal-upcoming-proposer', 'Agreement Notice']])(
    'the event %s is published once, also when another region forwards it with another id and time', async (name, detailType) => {
      const event = fixture(name);
      const forwarded = [5, 3, 8].map((minutes) => ({
        ...event, id: `given-by-the-other-region-${minutes}`, time: new Date(Date.parse(event.time) + minutes * 60_000).toISOString(),
      }));
      for (const order of permutations(forwarded)) {
        const app = await startOnTheDay();
        await app.deliver(created, updated, ...order);
        expect(app.bus.types).toEqual(['Subscription Activated', detailType]);
      }
    });

  test('a request to cancel the agreement reaches the app, and revokes nothing', async () => {
    const app = await startOnTheDay();
    const steps = ['pending-approval', 'rejected'].map((step) => fixture(`cancellation-request-${step}-proposer`));
    await app.deliver(...steps, created, updated, ...steps);
    const notices = app.bus.sent.filter(({ detailType }) => detailType === 'Agreement Notice').map(({ detail }) => detail);
    expect(notices).toMatchObject(['CANCELLATION_REQUEST_PENDING_APPROVAL', 'CANCELLATION_REQUEST_REJECTED'].map((notice) => (
      { notice, licenseId: LICENSE, status: 'ACTIVE', cancellationReasonCode: 'TEST_AGREEMENT' })));
    expect(JSON.stringify(notices)).not.toContain('Bought to test');
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ACTIVE' });
    expect(app.telemetry.values.UnknownAgreementEvents).toBeUndefined();
  });

  test('a failed check of how the buyer pays reaches the app, and raises the alarm on unknown events', async () => {
    const app = await startOnTheDay();
    await app.deliver(created, updated, fixture('spend-threshold-vet-failed'));
    expect(app.bus.sent.at(-1)).toMatchObject({ detailType: 'Agreement Notice', detail: { notice: 'SPEND_THRESHOLD_VET_FAILED', status: 'ACTIVE' } });
    expect(app.telemetry.values.UnknownAgreementEvents).toBe(1);
  });

  test.each([
    ['is logged', { 'detail-type': 'Spend Threshold Reached' }, undefined],
    ['is counted where the check of the buyer failed', { 'detail-type': 'Spend Threshold Vet Failed' }, 1],
    ['is counted where its type is unknown', { 'detail-type': 'Purchase Agreement Frozen - Proposer' }, 1],
  ])('an event that names no agreement %s, and does not fail', async (_, change, counted) => {
    const app = await startOnTheDay();
    expect(await app.deliver({ ...created, ...change, detail: { agreement: null } })).toEqual({ batchItemFailures: [] });
    expect(app.telemetry.values.UnknownAgreementEvents).toBe(counted);
  });

  test('a notice whose fields have other types than documented is published without them', async () => {
    const app = await startOnTheDay();
    const upcoming = fixture('renewal-upcoming-proposer');
    await app.deliver(created, updated, { ...upcoming, detail: { ...upcoming.detail, renewalSummary: { tcv: 1200, lockoutReached: 'no', currency: 'USD' }, acceptor: 'x' } });
    const { detail } = app.bus.sent.at(-1) ?? {};
    expect(detail).toMatchObject({ notice: 'RENEWAL_UPCOMING', currencyCode: 'USD' });
    expect(detail).not.toHaveProperty('totalContractValue');
    expect(detail).not.toHaveProperty('lockoutReached');
  });

  test('the end of an agreement ends one subscription of an account, and no other', async () => {
    const app = await startOnTheDay();
    const second = 'l-fedcba9876543210fedcba9876543210';
    const ofSecond = JSON.parse(JSON.stringify(updated).replaceAll(LICENSE, second).replaceAll(created.detail.agreement.id, 'agmt-second')) as object;
    await app.deliver(updated, ofSecond, fixture('ended-proposer'));
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ENDING' });
    expect(await app.item(second)).toMatchObject({ status: 'ACTIVE', customerAwsAccountId: ACCOUNT });
  });

  test('an event of an agreement with two licenses is applied to both', async () => {
    const app = await startOnTheDay();
    const second = 'l-fedcba9876543210fedcba9876543210';
    const ofSecond = JSON.parse(JSON.stringify(updated).replaceAll(LICENSE, second)) as object;
    await app.deliver(updated, ofSecond, fixture('license-deprovisioned-manufacturer'));
    expect([(await app.item(LICENSE))?.status, (await app.item(second))?.status]).toEqual(['ENDING', 'ACTIVE']);
    await app.deliver(fixture('ended-proposer'));
    expect([(await app.item(LICENSE))?.status, (await app.item(second))?.status]).toEqual(['ENDING', 'ENDING']);
  });

  test('simultaneous invocations lose no event', async () => {
    const app = await startOnTheDay();
    const story = [created, updated, fixture('amended-proposer'), fixture('advisory-issued-manufacturer'), fixture('ended-proposer')];
    const undelivered = [...story, ...story];
    while (undelivered.length > 0) {
      const events = undelivered.splice(0);
      const answers = await Promise.all(events.map(async (event) => app.deliver(event)));
      undelivered.push(...events.filter((_, index) => answers[index]?.batchItemFailures.length !== 0));
    }
    const item = await app.item(LICENSE);
    expect(Object.values(item?.facts.agreements ?? {}).map((fact) => fact.kind).sort()).toEqual([
      'ADVISORY_ISSUED', 'AMENDED', 'CREATED', 'ENDED', 'LICENSE_UPDATED',
    ]);
    app.time.now += 60_000;
    await app.reconcile();
    expect([...app.bus.types].sort()).toEqual(['Advisory Issued', 'Subscription Activated', 'Subscription Ending', 'Subscription Updated']);
    expect(await app.item(LICENSE)).not.toHaveProperty('outbox');
  });

  test('agreement events are applied while the bus is unavailable, which is tried once per invocation', async () => {
    const app = await startOnTheDay();
    const another = (license: string) => JSON.parse(JSON.stringify(updated).replaceAll(LICENSE, license)) as object;
    app.bus.available = false;
    expect(await app.deliver(another('l-1'), another('l-2'), another('l-3'))).toEqual({ batchItemFailures: [] });
    expect(app.bus.attempts).toBe(1);
    const items = await Promise.all(['l-1', 'l-2', 'l-3'].map(async (license) => app.item(license)));
    expect(items.map((item) => [item?.status, item?.outbox?.length])).toEqual([['ACTIVE', 1], ['ACTIVE', 1], ['ACTIVE', 1]]);
    app.bus.available = true;
    await app.deliver(another('l-4'));
    expect(app.bus.ids).toContainEqual(expect.stringContaining('l-4'));
  });

  test('events for which there is no time return to the queue', async () => {
    const app = await startOnTheDay();
    const times = [30_000, 9_000, 8_000];
    expect(await app.deliverWithin(() => times.shift()!, updated, created, fixture('ended-proposer')))
      .toEqual({ batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }] });
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ACTIVE' });
  });

  test('events reach the app later when its bus was unavailable', async () => {
    const app = await startOnTheDay();
    app.bus.available = false;
    expect(await app.deliver(updated)).toEqual({ batchItemFailures: [] });
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ACTIVE', outbox: [{ detailType: 'Subscription Activated' }] });
    app.bus.available = true;
    app.time.now += 60_000;
    await app.reconcile();
    expect(app.bus.types).toEqual(['Subscription Activated']);
    expect(await app.item(LICENSE)).not.toHaveProperty('outbox');
  });
});
