import { NOTICE_MS } from '../../../lambda/reconciliation/migrate';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { ACCOUNT, type Intercept, PRODUCT, startIntegration } from '../../support/integration';

jest.setTimeout(60_000);

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const LICENSE = 'l-0123456789abcdef0123456789abcdef';
const ARN = `arn:aws:license-manager::294406891311:license:${LICENSE}`;
const BUYER = 'ifAPi5AcF3';
const FORMER = `legacy-${PRODUCT}-${BUYER}`;
const HOUR = 3_600_000;

const notification = (action: string, time: number, buyer = BUYER) => JSON.stringify({
  Type: 'Notification',
  TopicArn: `arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-${PRODUCT}`,
  Timestamp: new Date(time).toISOString(),
  Message: JSON.stringify({ 'action': action, 'customer-identifier': buyer, 'product-code': PRODUCT }),
});

/** A buyer who subscribed when the product was of the legacy kind, and whose license was never announced to this deployment. */
async function legacy(intercept?: Intercept) {
  const app = await startIntegration(dynamo, { productName: 'Acme' }, intercept);
  await app.deliver(notification('subscribe-success', app.time.now));
  app.agreements.set('agmt-1', {
    agreementId: 'agmt-1',
    initialAgreementId: 'agmt-1',
    status: 'ACTIVE',
    customerAwsAccountId: ACCOUNT,
    productIds: ['prod-abcdef1234567'],
    licenseArns: [ARN],
    startTime: app.time.now,
    acceptanceTime: app.time.now,
    lastUpdateTime: app.time.now,
  });
  app.time.now += HOUR;
  const cutOver = new Date(Math.ceil((app.time.now + 2 * HOUR) / HOUR) * HOUR).toISOString();
  return { ...app, app, cutOver, request: { dryRun: false, cutOver, customers: [{ customerIdentifier: BUYER, licenseArn: ARN }] } };
}

test('a dry run says who would move to which license, and writes nothing', async () => {
  const { app, migrate, cutOver, request } = await legacy();
  const before = await app.everything();
  const { dryRun, ...withoutWord } = request;
  expect(await migrate(withoutWord)).toEqual({
    dryRun: true, migrated: [{ customerIdentifier: BUYER, licenseId: LICENSE, customerAwsAccountId: ACCOUNT, cutOver }], left: [], complete: true,
  });
  expect(await app.everything()).toEqual(before);
});

test('a buyer whose license was never announced is active under it, from AWS\'s own record of the agreement', async () => {
  const { app, migrate, cutOver, request, bus } = await legacy();
  expect(await migrate(request)).toMatchObject({ migrated: [{ licenseId: LICENSE }], left: [] });
  expect(await app.item(LICENSE)).toMatchObject({ status: 'ACTIVE', migratedFrom: FORMER, customerAwsAccountId: ACCOUNT, licenseArn: ARN, agreementId: 'agmt-1', cutOver });
  expect(await app.item(FORMER)).toMatchObject({ status: 'ACTIVE', cutOver });
  expect(bus.sent.map(({ detailType, detail }) => [detailType, detail.licenseId, detail.reason])).toEqual([
    ['Subscription Activated', FORMER, undefined], ['Subscription Updated', LICENSE, 'MIGRATED'],
  ]);
});

test('reconciliation ends the former key at the cut-over, without an event', async () => {
  const { app, migrate, request, bus } = await legacy();
  await migrate(request);
  const sent = bus.sent.length;
  app.time.now = Date.parse(request.cutOver) - 1;
  await app.reconcile();
  expect(await app.item(FORMER)).toMatchObject({ status: 'ACTIVE' });
  app.time.now += 60_000;
  await app.reconcile();
  expect(await app.item(FORMER)).toMatchObject({ status: 'ENDED', endStatus: 'MIGRATED', continuesAs: LICENSE });
  expect(bus.sent.slice(sent)).toEqual([]);
});

test('wherever the function dies, the former key stops before the license begins, and the same request completes the move', async () => {
  let writes = 0;
  let dieAt = Infinity;
  const intercept: Intercept = async (call, operation) => {
    if (operation === 'PutCommand' && (writes += 1) > dieAt) {
      throw new Error('died');
    }
    return call();
  };
  const whole = await legacy(intercept);
  writes = 0;
  await whole.migrate(whole.request);
  const total = writes;
  const expected = [await whole.item(FORMER), await whole.item(LICENSE)].map((item) => item?.status);
  expect(total).toBeGreaterThanOrEqual(4);
  for (let n = 0; n < total; n += 1) {
    dieAt = Infinity;
    const app = await legacy(intercept);
    writes = 0;
    dieAt = n;
    await app.migrate(app.request).catch(() => undefined);
    dieAt = Infinity;
    const [former, license] = [await app.item(FORMER), await app.item(LICENSE)];
    expect({ n, begun: license?.facts.migration !== undefined, stopped: former?.facts.migration !== undefined })
      .not.toEqual({ n, begun: true, stopped: false });
    app.time.now += 1;
    expect(await app.migrate(app.request)).toMatchObject({ migrated: [{ licenseId: LICENSE }], left: [] });
    expect([await app.item(FORMER), await app.item(LICENSE)].map((item) => item?.status)).toEqual(expected);
    expect(app.bus.types.filter((type) => type === 'Subscription Activated')).toHaveLength(1);
    await app.reconcile();
    const updates = app.bus.sent.filter(({ detailType }) => detailType === 'Subscription Updated').map(({ detail }) => detail.eventId);
    expect({ n, updates: new Set(updates).size }).toEqual({ n, updates: 1 });
  }
});

/** Dies before a write of the function, once. */
function mortal() {
  const state = { dieAt: Infinity, writes: 0 };
  const intercept: Intercept = async (call, operation) => {
    if (operation === 'PutCommand' && (state.writes += 1) > state.dieAt) {
      throw new Error('died');
    }
    return call();
  };
  return { intercept, dieBefore: (n: number) => { Object.assign(state, { dieAt: n, writes: 0 }); }, live: () => { state.dieAt = Infinity; } };
}

test.each<[string, (request: Awaited<ReturnType<typeof legacy>>['request']) => unknown]>([
  ['the same request', (request) => request],
  ['a later request for all buyers', ({ cutOver }) => ({ dryRun: false, cutOver: new Date(Date.parse(cutOver) + 48 * HOUR).toISOString() })],
])('a move that was interrupted is completed after its cut-over by %s, and until then reconciliation fails', async (_, later) => {
  const death = mortal();
  const { app, migrate, request, cutOver } = await legacy(death.intercept);
  // the watch and the former key are written by then
  death.dieBefore(2);
  expect(await migrate(request)).toMatchObject({ left: [{ problem: 'Failed' }] });
  death.live();
  expect([(await app.item(FORMER))?.cutOver, await app.item(LICENSE)]).toEqual([cutOver, undefined]);
  app.time.now = Date.parse(cutOver) + 5 * HOUR;
  await expect(app.reconcile()).rejects.toThrow(`the move to ${LICENSE} was interrupted`);
  expect(await migrate(later(request))).toMatchObject({ migrated: [{ licenseId: LICENSE, cutOver }], left: [] });
  expect([await app.item(FORMER), await app.item(LICENSE)]).toMatchObject([{ status: 'ENDED', cutOver }, { status: 'ACTIVE', cutOver }]);
  await app.reconcile();
  expect(await migrate({})).toMatchObject({ migrated: [], left: [] });
});

test.each([24, -1])('wherever the function dies while a cut-over is moved by %s hours, no hour is metered by both keys', async (hours) => {
  for (let n = 0, died = true; died; n += 1) {
    const death = mortal();
    const { app, migrate, request, cutOver } = await legacy(death.intercept);
    const first = new Date(Date.parse(cutOver) + 2 * HOUR).toISOString();
    await migrate({ ...request, cutOver: first });
    app.time.now += 1;
    const moved = { ...request, cutOver: new Date(Date.parse(first) + hours * HOUR).toISOString() };
    death.dieBefore(n);
    died = JSON.stringify(await migrate(moved)).includes('Failed');
    death.live();
    const [former, license] = [await app.item(FORMER), await app.item(LICENSE)];
    expect(Date.parse(String(former?.cutOver))).toBeLessThanOrEqual(Date.parse(String(license?.cutOver)));
    expect(await migrate(moved)).toMatchObject({ migrated: [{ cutOver: moved.cutOver }], left: [] });
    expect([(await app.item(FORMER))?.cutOver, (await app.item(LICENSE))?.cutOver]).toEqual([moved.cutOver, moved.cutOver]);
  }
});

test('a move to a later hour that was interrupted can be taken back', async () => {
  const death = mortal();
  const { app, migrate, request, cutOver } = await legacy(death.intercept);
  await migrate(request);
  app.time.now += 1;
  // the watch and the license are written by then
  death.dieBefore(2);
  await migrate({ ...request, cutOver: new Date(Date.parse(cutOver) + 24 * HOUR).toISOString() });
  death.live();
  expect((await app.item(FORMER))?.cutOver).not.toBe((await app.item(LICENSE))?.cutOver);
  app.time.now += 1;
  expect(await migrate(request)).toMatchObject({ migrated: [{ cutOver }], left: [] });
  expect([(await app.item(FORMER))?.cutOver, (await app.item(LICENSE))?.cutOver]).toEqual([cutOver, cutOver]);
});

test('a buyer who moves to one license is not moved to another', async () => {
  const { app, migrate, request, cutOver } = await legacy();
  await migrate(request);
  const other = LICENSE.replace(/.$/, '0');
  const customers = [{ customerIdentifier: BUYER, licenseArn: ARN.replace(/.$/, '0') }];
  expect(await migrate({ ...request, customers })).toEqual({
    dryRun: false, migrated: [], left: [{ customerIdentifier: BUYER, licenseId: other, cutOver, problem: 'OtherLicense' }], complete: true,
  });
  expect([(await app.item(LICENSE))?.migratedFrom, await app.item(other)]).toEqual([FORMER, undefined]);
});

test('a cut-over may be moved while it lies ahead, and not any more when it is near', async () => {
  const { app, migrate, request, cutOver } = await legacy();
  await migrate(request);
  const later = new Date(Date.parse(cutOver) + 24 * HOUR).toISOString();
  app.time.now += 1;
  expect(await migrate({ ...request, cutOver: later })).toMatchObject({ migrated: [{ cutOver: later }] });
  expect(await app.item(LICENSE)).toMatchObject({ cutOver: later });
  app.time.now = Date.parse(later) - NOTICE_MS + 1;
  expect(await migrate({ ...request, cutOver: new Date(Date.parse(later) + HOUR).toISOString() })).toMatchObject({ left: [{ problem: 'AlreadyMigrated' }] });
});

test('buyers are left as they are where something is not certain, each with the reason', async () => {
  const { app, migrate, request, cutOver } = await legacy();
  const left = async (customers: unknown) => (await migrate({ ...request, customers }) as { left: unknown }).left;
  expect(await left(['nobody'])).toEqual([{ customerIdentifier: 'nobody', problem: 'NotActive' }]);
  expect(await left([BUYER])).toEqual([{ customerIdentifier: BUYER, problem: 'LicenseUnknown' }]);
  const other = ARN.replace(/.$/, '0');
  expect(await left([{ customerIdentifier: BUYER, licenseArn: other }])).toMatchObject([{ problem: 'LicenseNotActive' }]);
  await app.deliver(notification('subscribe-success', app.time.now - HOUR, 'second'));
  await migrate(request);
  expect(await left([{ customerIdentifier: 'second', licenseArn: ARN }])).toEqual([
    { customerIdentifier: 'second', licenseId: LICENSE, cutOver, problem: 'OtherBuyer' },
  ]);
  expect(await migrate({})).toEqual({ dryRun: true, migrated: [], left: [{ customerIdentifier: 'second', problem: 'LicenseUnknown' }], complete: true });
});

test.each([
  ['cutOver is missing', { dryRun: false }],
  ['must be the start of an hour', { cutOver: '2026-12-01T10:30:00Z' }],
  ['at least 30 minutes from now', { cutOver: '2020-01-01T10:00:00Z' }],
  ['at most 31 days from now', { cutOver: '2126-01-01T10:00:00Z' }],
  ['customers', { customers: [] }],
  ['must be the ARN of a license', { customers: [{ customerIdentifier: BUYER, licenseArn: 'l-1' }] }],
])('a request is refused because %s', async (words, request) => {
  const { migrate } = await legacy();
  expect(await migrate(request)).toMatchObject({ error: { code: 'INVALID_REQUEST', message: expect.stringContaining(words) } });
});
