import { CONTRACT, DAY, HOUR, START, SUBSCRIPTION, usage, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
beforeEach(() => { world = new MarketplaceFixture([CONTRACT]); });

const entitled = () => world.marketplace.state().entitlements.map(({ dimension, value }) => [dimension, value]);

test('a contract entitles from License Updated until it ends', () => {
  const purchase = world.marketplace.purchase({ quantities: { Users: 10 } });
  world.time.advance(71_999);
  expect(entitled()).toEqual([]);
  world.time.advance(1);
  expect(world.marketplace.state().entitlements).toEqual([{
    productCode: CONTRACT.productCode,
    licenseId: purchase.licenseId,
    licenseArn: purchase.licenseArn,
    customerAwsAccountId: purchase.customerAwsAccountId,
    dimension: 'Users',
    value: 10,
    expirationDate: new Date(START + 365 * DAY).toISOString(),
  }]);
  world.act(purchase, 'cancel');
  expect(entitled()).toEqual([]);
});

test('an amendment is announced with its new offer, then the license is', () => {
  const purchase = world.subscribe({ quantities: { Users: 10 } });
  const [created] = world.events.splice(0);
  world.act(purchase, 'amend', { quantities: { Users: 25 }, endTime: new Date(START + 400 * DAY).toISOString() });
  world.time.advance(71_999);
  expect(entitled()).toEqual([['Users', 10]]);
  world.time.advance(1);

  expect(world.detailTypes()).toEqual(['Purchase Agreement Amended - Proposer', 'License Updated - Manufacturer']);
  const { detail } = world.events[0];
  expect(detail).toMatchObject({
    agreement: {
      id: purchase.agreementId, intent: 'AMEND', status: 'ACTIVE', endTime: new Date(START + 400 * DAY).toISOString(), autoRenewalEnabled: false,
    },
    renewalSummary: { lockoutStartTime: null, disabledBy: 'ACCEPTOR' },
    product: { id: expect.stringMatching(/^prod-/), title: expect.any(String) },
    resaleAuthorization: { id: null },
  });
  expect(detail.offer).not.toEqual(created.detail.offer);
  expect(entitled()).toEqual([['Users', 25]]);
});

test('an amendment keeps the units it does not speak of', () => {
  const purchase = world.subscribe({ quantities: { Users: 10 } });
  expect(world.act(purchase, 'amend', { quantities: { Projects: 3 } })).toMatchObject({ quantities: { Users: 10, Projects: 3 } });
  world.time.advance(HOUR);
  expect(entitled()).toEqual([['Users', 10], ['Projects', 3]]);
});

test('switching auto-renewal is an amendment that leaves the license alone', () => {
  const purchase = world.subscribe();
  world.events.length = 0;
  world.act(purchase, 'amend', { autoRenewal: true });
  world.time.advance(HOUR);
  expect(world.detailTypes()).toEqual(['Purchase Agreement Amended - Proposer']);
  expect(world.events[0].detail).toMatchObject({ agreement: { autoRenewalEnabled: true }, renewalSummary: { disabledBy: null } });
});

test('a renewal is a new agreement; it keeps the license', () => {
  const purchase = world.subscribe({ quantities: { Users: 10 } });
  world.events.length = 0;
  const renewed = world.act(purchase, 'renew', { quantities: { Users: 12 } });
  world.time.advance(2 * HOUR);

  expect(renewed).toMatchObject({ previousAgreementId: purchase.agreementId, licenseId: purchase.licenseId, intent: 'RENEW', status: 'ACTIVE' });
  expect(world.detailTypes()).toEqual([
    'Purchase Agreement Ended - Proposer', 'Purchase Agreement Created - Proposer', 'License Updated - Manufacturer',
  ]);
  expect(world.events[0].detail).toMatchObject({ agreement: { id: purchase.agreementId, status: 'RENEWED' } });
  expect(world.events[1].detail).toMatchObject({
    agreement: { id: renewed.agreementId, intent: 'RENEW', previousAgreementId: purchase.agreementId },
    product: { title: expect.any(String) },
    proposer: { name: expect.any(String) },
  });
  expect(world.events[1].detail).not.toHaveProperty('resaleAuthorization');
  expect(world.events[2].detail).toMatchObject({ agreement: { id: renewed.agreementId }, license: { arn: purchase.licenseArn } });
  expect(entitled()).toEqual([['Users', 12]]);
  expect(world.meter(usage(purchase, world, { Dimension: 'ExtraUsers' })).body.Results).toMatchObject([{ Status: 'Success' }]);
});

test('a renewal can make a new license; the old one is deprovisioned and has its final hour', () => {
  world.set({ 'renewal.license': 'new' });
  const purchase = world.subscribe({ quantities: { Users: 10 } });
  world.events.length = 0;
  const renewed = world.act(purchase, 'renew');
  world.time.advance(72_000);

  expect(renewed.licenseId).not.toBe(purchase.licenseId);
  expect(world.detailTypes()).toEqual([
    'Purchase Agreement Ended - Proposer', 'Purchase Agreement Created - Proposer',
    'License Deprovisioned - Manufacturer', 'License Updated - Manufacturer',
  ]);
  expect(world.events[2].detail).toMatchObject({ agreement: { id: purchase.agreementId }, license: { arn: purchase.licenseArn } });
  expect(world.marketplace.state().entitlements).toMatchObject([{ licenseId: renewed.licenseId, dimension: 'Users', value: 10 }]);
  const last = () => world.meter(usage(purchase, world, { Dimension: 'ExtraUsers' })).body.Results[0].Status;
  expect(last()).toBe('Success');
  world.time.advance(HOUR);
  expect(last()).toBe('CustomerNotSubscribed');
});

test('the license a renewal leaves behind can go in silence', () => {
  world.set({ 'renewal.license': 'new', 'renewal.deprovisionOldLicense': false });
  const purchase = world.subscribe();
  world.act(purchase, 'renew');
  world.time.advance(HOUR);
  expect(world.detailTypes()).not.toContain('License Deprovisioned - Manufacturer');
  expect(world.marketplace.state().agreements).toMatchObject([{ licenseStatus: 'DEPROVISIONED' }, { licenseStatus: 'PROVISIONED' }]);
});

test('a replacement ends the old agreement as REPLACED and makes a new license', () => {
  const purchase = world.subscribe();
  world.events.length = 0;
  const replaced = world.act(purchase, 'replace', { quantities: { Users: 3, Projects: 2 } });
  world.time.advance(HOUR);
  expect(world.events[0].detail).toMatchObject({ agreement: { id: purchase.agreementId, status: 'REPLACED' } });
  expect(world.events[1].detail).toMatchObject({ agreement: { intent: 'REPLACE', previousAgreementId: purchase.agreementId } });
  expect(replaced.licenseId).not.toBe(purchase.licenseId);
  expect(entitled()).toEqual([['Users', 3], ['Projects', 2]]);
});

test('auto-renewal carries an agreement over its end, again and again', () => {
  world.subscribe({ endTime: new Date(START + 30 * DAY).toISOString(), autoRenewal: true });
  world.time.advance(95 * DAY);
  const { agreements } = world.marketplace.state();
  expect(agreements.map((agreement) => agreement.status)).toEqual(['RENEWED', 'RENEWED', 'RENEWED', 'ACTIVE']);
  expect(agreements.at(-1)).toMatchObject({ previousAgreementId: agreements[2].agreementId, endTime: new Date(START + 120 * DAY).toISOString() });
});

test.each(['amend', 'renew', 'replace', 'cancel', 'expire', 'terminate', 'token'])('%s of an ended agreement is a conflict', (action) => {
  const purchase = world.subscribe();
  world.act(purchase, 'expire');
  expect(() => world.act(purchase, action)).toThrow(expect.objectContaining({ status: 409, code: 'AgreementNotActive' }));
});

test('AWS can terminate an agreement', () => {
  world = new MarketplaceFixture([SUBSCRIPTION]);
  const purchase = world.subscribe();
  expect(world.act(purchase, 'terminate')).toMatchObject({ status: 'TERMINATED' });
  expect(world.events.at(-1)!.detail).toMatchObject({ agreement: { status: 'TERMINATED' } });
});
