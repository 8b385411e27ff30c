import { BUYER, CONTRACT, DAY, HOUR, LEGACY, SELLER, START, SUBSCRIPTION, usage, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
beforeEach(() => { world = new MarketplaceFixture(); });

const PRODUCT_ID = expect.stringMatching(/^prod-[0-9a-z]{13}$/);
const OFFER = { id: expect.stringMatching(/^offer-[0-9a-z]{13}$/) };

test('the events of a purchase and a cancellation look as those observed on AWS', () => {
  const purchase = world.marketplace.purchase({ customerAwsAccountId: BUYER });
  world.time.advance(106_000);
  world.act(purchase, 'cancel');
  world.time.advance(HOUR);

  const [created, updated, ended, deprovisioned] = world.events;
  expect(world.events).toHaveLength(4);
  const parties = { acceptor: { accountId: BUYER }, proposer: { accountId: SELLER } };
  const common = { requestId: expect.any(String), catalog: 'AWSMarketplace' };
  expect(created).toEqual({
    'version': '0',
    'id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'Purchase Agreement Created - Proposer',
    'source': 'aws.agreement-marketplace',
    'account': SELLER,
    'time': '2026-11-23T05:20:11Z',
    'region': 'us-east-1',
    'resources': [`arn:aws:aws-marketplace::aws:agreement:${purchase.agreementId}`],
    'detail': {
      ...common,
      agreement: {
        id: purchase.agreementId,
        intent: 'NEW',
        status: 'ACTIVE',
        acceptanceTime: '2026-11-23T05:20:00.000Z',
        startTime: '2026-11-23T05:20:00.000Z',
        endTime: '9999-01-01T00:00:00Z',
      },
      resaleAuthorization: { id: null },
      ...parties,
      offer: OFFER,
    },
  });
  expect(updated).toMatchObject({ 'detail-type': 'License Updated - Manufacturer', 'time': '2026-11-23T05:21:12Z' });
  expect(updated.detail).toEqual({
    ...common,
    agreement: { id: purchase.agreementId },
    product: { code: SUBSCRIPTION.productCode, id: PRODUCT_ID },
    license: { arn: purchase.licenseArn },
    ...parties,
    offer: OFFER,
  });
  expect(ended).toMatchObject({ 'detail-type': 'Purchase Agreement Ended - Proposer', 'time': '2026-11-23T05:21:46Z' });
  expect(ended.detail).toEqual({
    ...common, agreement: { id: purchase.agreementId, status: 'CANCELLED' }, resaleAuthorization: { id: null }, ...parties,
  });
  expect(deprovisioned).toMatchObject({ 'detail-type': 'License Deprovisioned - Manufacturer', 'time': '2026-11-23T05:22:17Z' });
  expect(deprovisioned.detail).toMatchObject({ agreement: { id: purchase.agreementId }, license: { arn: purchase.licenseArn } });
  expect(new Set(world.events.map((event) => event.id)).size).toBe(4);
});

test('identifiers look like those of AWS', () => {
  expect(world.marketplace.purchase({})).toMatchObject({
    agreementId: expect.stringMatching(/^agmt-[0-9a-z]{25}$/),
    licenseId: expect.stringMatching(/^l-[0-9a-f]{32}$/),
    licenseArn: expect.stringMatching(/^arn:aws:license-manager::294406891311:license:l-[0-9a-f]{32}$/),
    customerAwsAccountId: expect.stringMatching(/^\d{12}$/),
    registrationToken: expect.stringMatching(/^[A-Za-z0-9+/=.:_-]{1,512}$/),
  });
});

test('switches: delays, the documented ARN form, a bare offer id, seconds, an offer on Ended', () => {
  world.set({
    'events.createdDelaySeconds': 300,
    'events.licenseUpdatedDelaySeconds': 5,
    'events.deprovisionedDelaySeconds': 0,
    'events.licenseArn': 'documented',
    'events.offerId': 'bare',
    'events.timePrecision': 'seconds',
    'events.endedOffer': true,
  });
  const purchase = world.marketplace.purchase({});
  world.time.advance(300_000);
  world.act(purchase, 'cancel');

  expect(world.detailTypes()).toEqual([
    'License Updated - Manufacturer', 'Purchase Agreement Created - Proposer',
    'Purchase Agreement Ended - Proposer', 'License Deprovisioned - Manufacturer',
  ]);
  expect(world.events[0].detail).toMatchObject({
    license: { arn: `aws:license-manager:us-east-1:294406891311:${purchase.licenseId}` }, offer: { id: expect.not.stringContaining('-') },
  });
  expect(world.events[1].detail).toMatchObject({ agreement: { startTime: '2026-11-23T05:20:00Z' } });
  expect(world.events[2].detail).toMatchObject({ offer: { id: expect.any(String) } });
});

test('a cancellation before the license was provisioned deprovisions nothing', () => {
  const purchase = world.marketplace.purchase({});
  world.time.advance(5_000);
  world.act(purchase, 'cancel');
  world.time.advance(DAY);
  expect(world.detailTypes()).toEqual(['Purchase Agreement Created - Proposer', 'Purchase Agreement Ended - Proposer']);
});

test('the events of a channel partner\'s deal go to the manufacturer', () => {
  const purchase = world.subscribe({ channelPartnerAccountId: '999988887777', endTime: new Date(START + 31 * DAY).toISOString() });
  world.time.advance(2 * DAY);
  world.act(purchase, 'cancel');
  expect(world.detailTypes()).toEqual([
    'Purchase Agreement Created - Manufacturer', 'License Updated - Manufacturer', 'Purchase Agreement Ended - Manufacturer',
  ]);
  expect(world.events[0].detail).toMatchObject({
    proposer: { accountId: '999988887777' }, resaleAuthorization: { id: expect.stringMatching(/^resaleauthz-/) },
  });
});

test('an agreement expires at its end, after notices at 180, 120, 90, 60 and 30 days', () => {
  const purchase = world.subscribe({ endTime: new Date(START + 100 * DAY).toISOString() });
  world.time.advance(101 * DAY);

  const days = world.events.filter((event) => event['detail-type'] === 'Purchase Agreement Ending - Proposer')
    .map((event) => (event.detail.agreement as { daysBeforeEndTime: number }).daysBeforeEndTime);
  expect(days).toEqual([90, 60, 30]);
  expect(world.events.at(-2)).toMatchObject({
    'detail-type': 'Purchase Agreement Ended - Proposer', 'detail': { agreement: { status: 'EXPIRED' } }, 'time': '2027-03-03T05:20:00Z',
  });
  expect(world.detailTypes().at(-1)).toBe('License Deprovisioned - Manufacturer');
  expect(world.marketplace.state().agreements).toMatchObject([{ agreementId: purchase.agreementId, status: 'EXPIRED', licenseStatus: 'DEPROVISIONED' }]);
  expect(world.time.pending()).toBe(0);
});

test('a cancellation takes back the notices and the expiry', () => {
  const purchase = world.subscribe({ endTime: new Date(START + 100 * DAY).toISOString() });
  world.act(purchase, 'cancel');
  world.events.length = 0;
  world.time.advance(200 * DAY);
  expect(world.detailTypes()).toEqual(['License Deprovisioned - Manufacturer']);
});

test('an agreement with a later start is announced now, and its license waits', () => {
  const startTime = START + 10 * DAY;
  const purchase = world.subscribe({ startTime: new Date(startTime).toISOString() });
  expect(world.detailTypes()).toEqual(['Purchase Agreement Created - Proposer']);
  expect(world.marketplace.state().agreements).toMatchObject([{ licenseStatus: 'SCHEDULED' }]);

  world.time.moveTo(startTime + 60_000);
  expect(world.meter(usage(purchase, world)).body.Results).toMatchObject([{ Status: 'CustomerNotSubscribed' }]);
  world.time.advance(12_000);
  expect(world.detailTypes().at(-1)).toBe('License Updated - Manufacturer');
  expect(world.meter(usage(purchase, world)).body.Results).toMatchObject([{ Status: 'Success' }]);
});

test('an amendment before the start is announced now, and provisioned at the start', () => {
  world = new MarketplaceFixture([CONTRACT]);
  const startTime = START + 10 * DAY;
  const purchase = world.marketplace.purchase({ startTime: new Date(startTime).toISOString(), quantities: { Users: 1 } });
  const endTime = startTime + DAY;
  world.act(purchase, 'amend', { quantities: { Users: 5 }, endTime: new Date(endTime).toISOString() });
  world.time.moveTo(startTime);
  expect(world.detailTypes()).toEqual(['Purchase Agreement Created - Proposer', 'Purchase Agreement Amended - Proposer']);
  expect(world.marketplace.state()).toMatchObject({ agreements: [{ licenseStatus: 'PENDING' }], entitlements: [] });

  world.time.advance(HOUR);
  expect(world.detailTypes().slice(2)).toEqual(['License Updated - Manufacturer']);
  expect(world.marketplace.state().entitlements).toMatchObject([{ dimension: 'Users', value: 5, expirationDate: new Date(endTime).toISOString() }]);
});

test('an amendment cannot end an agreement before its start', () => {
  const startTime = new Date(START + 10 * DAY).toISOString();
  const purchase = world.marketplace.purchase({ startTime });
  const endTime = new Date(START + 5 * DAY).toISOString();
  expect(() => world.act(purchase, 'amend', { endTime })).toThrow(expect.objectContaining({
    status: 400, message: `endTime ${endTime} must lie after ${startTime}, when these terms come into force`,
  }));
});

describe('a legacy product', () => {
  const TOPIC = `aws-mp-subscription-notification-${LEGACY.productCode}`;
  const actions = () => world.notifications.map(({ action }) => action);

  beforeEach(() => {
    world = new MarketplaceFixture([LEGACY]);
  });

  test('takes one agreement per account', () => {
    world.subscribe();
    expect(() => world.subscribe()).toThrow(expect.objectContaining({ status: 409, code: 'AlreadySubscribed' }));
  });

  test('publishes subscribe-success with its offer, and again when the agreement is amended', () => {
    const purchase = world.subscribe({ freeTrial: true });
    expect(world.notifications).toEqual([{
      'topic': TOPIC,
      'action': 'subscribe-success',
      'customer-identifier': expect.stringMatching(/^[0-9a-z]{11}$/),
      'product-code': LEGACY.productCode,
      'offer-identifier': expect.stringMatching(/^offer-/),
      'isFreeTrialTermPresent': 'true',
    }]);
    world.act(purchase, 'amend', { dimensions: [LEGACY.dimensions[0]] });
    world.time.advance(2 * HOUR);
    expect(actions()).toEqual(['subscribe-success', 'subscribe-success']);
    expect(world.notifications[0]['offer-identifier']).not.toBe(world.notifications[1]['offer-identifier']);
  });

  test('publishes unsubscribe-pending at the end, and unsubscribe-success an hour later', () => {
    world.act(world.subscribe(), 'cancel');
    expect(actions()).toEqual(['subscribe-success', 'unsubscribe-pending']);
    world.time.advance(HOUR);
    expect(actions()).toEqual(['subscribe-success', 'unsubscribe-pending', 'unsubscribe-success']);
  });

  test('publishes no final notice of a buyer who subscribes again within the hour', () => {
    world.act(world.subscribe(), 'cancel');
    world.time.advance(HOUR / 2);
    world.subscribe();
    world.time.advance(2 * HOUR);
    expect(actions()).toEqual(['subscribe-success', 'unsubscribe-pending', 'subscribe-success']);
  });

  test('publishes subscribe-fail where the agreement ends before it was provisioned', () => {
    world.act(world.marketplace.purchase({ customerAwsAccountId: BUYER }), 'terminate');
    world.time.advance(2 * HOUR);
    expect(actions()).toEqual(['subscribe-fail']);
  });
});

test('a product with Concurrent Agreements publishes no notifications', () => {
  world.act(world.subscribe(), 'cancel');
  world.time.advance(2 * HOUR);
  expect(world.notifications).toEqual([]);
});

test('an advisory is issued and resolved; a suspension issues one if wanted', () => {
  const purchase = world.subscribe();
  world.events.length = 0;
  world.act(purchase, 'suspend');
  expect(world.events).toEqual([]);
  world.act(purchase, 'advise');
  world.act(purchase, 'resolve-advisory');
  world.set({ 'events.advisoryOnSuspension': true });
  world.act(purchase, 'suspend');
  world.act(purchase, 'resume');

  const issued = 'Purchase Agreement Advisory Issued - Manufacturer';
  const resolved = 'Purchase Agreement Advisory Resolved - Manufacturer';
  expect(world.detailTypes()).toEqual([issued, resolved, issued, resolved]);
  expect(world.events[0].detail).toMatchObject({ agreement: { id: purchase.agreementId }, product: { id: PRODUCT_ID }, advisory: { issuedAt: '2026-11-23T05:21:12Z' } });
});

test('the same story has the same end, ids included', () => {
  const story = () => {
    const listed = new MarketplaceFixture([SUBSCRIPTION, CONTRACT]);
    const one = listed.subscribe({ productCode: SUBSCRIPTION.productCode });
    const two = listed.subscribe({ productCode: CONTRACT.productCode });
    listed.meter(usage(one, listed));
    listed.time.advance(DAY);
    listed.act(two, 'renew');
    listed.act(one, 'cancel');
    listed.time.advance(DAY);
    return [listed.events, listed.marketplace.state()];
  };
  expect(story()).toEqual(story());
});

test('a reset forgets everything, and starts the ids anew', () => {
  const before = world.subscribe({ endTime: new Date(START + 100 * DAY).toISOString() });
  world.meter(usage(before, world));
  world.set({ 'metering.callsPerSecond': 0 });
  world.act(before, 'suspend');
  world.marketplace.reset();

  expect(world.time.pending()).toBe(0);
  expect(world.marketplace.state()).toEqual({
    agreements: [], meteringRecords: [], meteringCalls: { total: 0, throttled: 0, failed: 0 }, entitlements: [],
  });
  expect(world.marketplace.state().meteringCalls.total).toBe(0);
  expect(world.marketplace.settings.list().settings.filter((setting) => setting.value !== setting.default)).toEqual([]);
  const again = world.subscribe({ customerAwsAccountId: BUYER });
  expect(again.agreementId).toBe(before.agreementId);
  expect(world.meter(usage(again, world)).body.Results).toMatchObject([{ Status: 'Success' }]);
});
