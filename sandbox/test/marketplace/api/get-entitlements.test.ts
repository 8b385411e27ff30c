import {
  GetEntitlementsCommand, type GetEntitlementsRequest, InvalidParameterException, paginateGetEntitlements,
} from '@aws-sdk/client-marketplace-entitlement-service';
import { CONTRACT, DAY, HOUR, LEGACY, Served, START, SUBSCRIPTION, MarketplaceFixture } from '../harness';

const LEGACY_CONTRACT = { ...CONTRACT, productCode: LEGACY.productCode, agreementMode: 'LEGACY' as const };
const ProductCode = CONTRACT.productCode;
const ALICE = '100000000001';
const BOB = '100000000002';

let world: MarketplaceFixture;
let served: Served;
beforeAll(async () => { served = await Served.start(() => world); });
afterAll(async () => served.stop());
beforeEach(() => {
  world = new MarketplaceFixture([CONTRACT, SUBSCRIPTION, LEGACY_CONTRACT]);
  world.set({ 'entitlements.callsPerSecond': 0 });
});

const buy = (customerAwsAccountId: string, quantities = { Users: 10, Projects: 2 }) => (
  world.subscribe({ productCode: ProductCode, customerAwsAccountId, quantities })
);
const get = async (input: Partial<GetEntitlementsRequest> = {}) => served.entitlement().send(new GetEntitlementsCommand({ ProductCode, ...input }));
const found = async (Filter: GetEntitlementsRequest['Filter']) => (
  (await get({ Filter })).Entitlements!.map((entitlement) => `${entitlement.CustomerAWSAccountId} ${entitlement.Dimension}`)
);

test('entitlements carry value, expiry, account and license', async () => {
  const purchase = buy(ALICE, { Users: 10, Projects: 2 });
  const common = { ProductCode, CustomerAWSAccountId: ALICE, LicenseArn: purchase.licenseArn, ExpirationDate: new Date(START + 365 * DAY) };
  const { Entitlements, NextToken } = await get();
  expect(Entitlements).toEqual([
    { ...common, Dimension: 'Users', Value: { IntegerValue: 10 } },
    { ...common, Dimension: 'Projects', Value: { IntegerValue: 2 } },
  ]);
  expect(NextToken).toBeUndefined();
});

test('values of a filter are united, filters intersected', async () => {
  buy(ALICE);
  const bobs = buy(BOB);
  expect(await found({ CUSTOMER_AWS_ACCOUNT_ID: [ALICE] })).toEqual([`${ALICE} Users`, `${ALICE} Projects`]);
  expect(await found({ CUSTOMER_AWS_ACCOUNT_ID: [ALICE, BOB], DIMENSION: ['Users'] })).toEqual([`${ALICE} Users`, `${BOB} Users`]);
  expect(await found({ LICENSE_ARN: [bobs.licenseArn], DIMENSION: ['Users', 'Projects'] })).toEqual([`${BOB} Users`, `${BOB} Projects`]);
  expect(await found({ LICENSE_ARN: [bobs.licenseArn], CUSTOMER_AWS_ACCOUNT_ID: [ALICE] })).toEqual([]);
  expect(await found({ CUSTOMER_AWS_ACCOUNT_ID: ['999999999999'] })).toEqual([]);
});

test('several agreements of one account differ by license', async () => {
  const first = buy(ALICE, { Users: 1, Projects: 1 });
  const second = buy(ALICE, { Users: 2, Projects: 2 });
  const users = await get({ Filter: { CUSTOMER_AWS_ACCOUNT_ID: [ALICE], DIMENSION: ['Users'] } });
  expect(users.Entitlements!.map((one) => [one.LicenseArn, one.Value!.IntegerValue])).toEqual([[first.licenseArn, 1], [second.licenseArn, 2]]);
});

test('pages of at most 25 follow each other without a gap', async () => {
  for (let buyer = 0; buyer < 30; buyer += 1) {
    buy(String(200_000_000_000 + buyer));
  }
  const pages: number[] = [];
  const seen = new Set<string>();
  for await (const { Entitlements } of paginateGetEntitlements({ client: served.entitlement() }, { ProductCode })) {
    pages.push(Entitlements!.length);
    Entitlements!.forEach((one) => seen.add(`${one.LicenseArn} ${one.Dimension}`));
  }
  expect(pages).toEqual([25, 25, 10]);
  expect(seen.size).toBe(60);
  expect((await get({ MaxResults: 7 })).Entitlements).toHaveLength(7);
  const Filter = { DIMENSION: ['Users'] };
  const second = await get({ Filter, MaxResults: 15, NextToken: (await get({ Filter, MaxResults: 15 })).NextToken });
  expect([second.Entitlements!.length, second.NextToken]).toEqual([15, undefined]);
});

test('an empty page can carry a NextToken', async () => {
  buy(ALICE);
  world.set({ 'entitlements.emptyFirstPage': true });
  const { Entitlements, NextToken } = await get();
  expect(Entitlements).toEqual([]);
  expect((await get({ NextToken })).Entitlements).toHaveLength(2);
});

test('a change can take a while to show', async () => {
  world.set({ 'entitlements.delaySeconds': 600 });
  buy(ALICE);
  expect(await found({})).toEqual([]);
  world.time.advance(600_000);
  expect(await found({})).toHaveLength(2);
});

describe('while GetEntitlements does not show a change yet', () => {
  const users = async () => {
    const shown = (await get({ Filter: { DIMENSION: ['Users'] } })).Entitlements!.map((one) => one.Value!.IntegerValue);
    expect(world.marketplace.state().entitlements.filter((one) => one.dimension === 'Users').map((one) => one.value)).toEqual(shown);
    return shown;
  };
  const changed = (action: string, Users: number, body: Record<string, unknown> = {}) => {
    const { agreementId } = world.act(purchase, action, { ...body, quantities: { Users } });
    world.time.advance(72_000);
    return { agreementId: agreementId as string };
  };
  let purchase: { agreementId: string };
  beforeEach(() => {
    purchase = buy(ALICE, { Users: 10, Projects: 2 });
    world.set({ 'entitlements.delaySeconds': 600, 'events.deprovisionedDelaySeconds': 72 });
  });

  test.each(['amend', 'renew', 'replace'])('%s leaves what the customer had', async (action) => {
    changed(action, 20);
    expect(await users()).toEqual([10]);
    world.time.advance(599_000);
    expect(await users()).toEqual([10]);
    world.time.advance(1_000);
    expect(await users()).toEqual([20]);
    expect(await found({})).toHaveLength(2);
  });

  test('a newer change takes the place of an older one', async () => {
    changed('amend', 20);
    world.set({ 'entitlements.delaySeconds': 60 });
    changed('amend', 30);
    world.time.advance(60_000);
    expect(await users()).toEqual([30]);
    world.time.advance(DAY);
    expect(await users()).toEqual([30]);
  });

  test('the end of the contract shows at once, and the change never', async () => {
    world.set({ 'events.deprovisionedDelaySeconds': 700 });
    world.act(changed('amend', 20), 'cancel');
    expect(await users()).toEqual([]);
    world.time.advance(650_000);
    expect(await users()).toEqual([]);
    world.time.advance(DAY);
    expect(world.time.pending()).toBe(0);
  });

  test('a renewal that brings another license does not show an earlier change of the old one', async () => {
    world.set({ 'renewal.license': 'new', 'events.deprovisionedDelaySeconds': 700 });
    changed('amend', 20);
    changed('renew', 30);
    world.time.advance(599_000);
    expect(await users()).toEqual([10]);
    world.time.advance(1_000);
    expect(await users()).toEqual([10, 30]);
    world.time.advance(DAY);
    expect(await users()).toEqual([30]);
  });
});

test('a renewing customer still has entitlements; an ended contract has none', async () => {
  const purchase = buy(ALICE);
  const renewed = world.act(purchase, 'renew');
  expect(await found({})).toHaveLength(2);
  world.time.advance(HOUR);
  expect((await get()).Entitlements![0].ExpirationDate!.getTime()).toBe(START + 72_000 + 365 * DAY);
  world.act(renewed as { agreementId: string }, 'expire');
  expect(await found({})).toEqual([]);
});

test('a usage-only product has none, whatever is bought of others', async () => {
  world.subscribe({ productCode: SUBSCRIPTION.productCode });
  const { licenseArn } = buy(ALICE);
  expect((await get({ ProductCode: SUBSCRIPTION.productCode })).Entitlements).toEqual([]);
  expect((await get({ ProductCode: SUBSCRIPTION.productCode, Filter: { LICENSE_ARN: [licenseArn] } })).Entitlements).toEqual([]);
});

test('a legacy product is asked by customer identifier', async () => {
  world.subscribe({ productCode: LEGACY.productCode, customerAwsAccountId: ALICE });
  const all = await get({ ProductCode: LEGACY.productCode });
  const CUSTOMER_IDENTIFIER = [all.Entitlements![0].CustomerIdentifier!];
  expect(CUSTOMER_IDENTIFIER[0]).toMatch(/^[0-9a-z]{11}$/);
  expect((await get({ ProductCode: LEGACY.productCode, Filter: { CUSTOMER_IDENTIFIER } })).Entitlements).toHaveLength(2);
});

test.each<[string, Record<string, unknown>]>([
  ['both customer filters', { Filter: { CUSTOMER_IDENTIFIER: ['a'], CUSTOMER_AWS_ACCOUNT_ID: [ALICE] } }],
  ['a filter without values', { Filter: { DIMENSION: [] } }],
  ['a filter that does not exist', { Filter: { AGREEMENT_ID: ['agmt-1'] } }],
  ['a token of another query', { NextToken: Buffer.from('[0,"x"]').toString('base64url') }],
  ['a token that is none', { NextToken: 'x' }],
  ['an unknown product', { ProductCode: 'nosuchproduct' }],
])('%s is an invalid parameter', async (_, input) => {
  await expect(get(input)).rejects.toThrow(InvalidParameterException);
});

test.each<[string, Record<string, unknown>, string]>([
  ['123 results a page', { MaxResults: 123 }, 'ValidationException'],
  ['no results a page', { MaxResults: 0 }, 'ValidationException'],
  ['no product', { ProductCode: undefined }, 'ValidationException'],
  ['a filter as a list', { Filter: [{ DIMENSION: ['Users'] }] }, 'SerializationException'],
])('%s is refused', (_, input, type) => {
  expect(world.wire('AWSMPEntitlementService.GetEntitlements', { ProductCode, ...input }))
    .toMatchObject({ status: 400, body: { __type: `com.amazonaws.marketplaceentitlementservice#${type}` } });
});

test('an unknown product can be answered with nothing', async () => {
  world.set({ 'entitlements.unknownProduct': 'empty' });
  expect((await get({ ProductCode: 'nosuchproduct' })).Entitlements).toEqual([]);
});

test('the API exists in us-east-1 only', () => {
  expect(world.wire('AWSMPEntitlementService.GetEntitlements', { ProductCode }, { region: 'eu-west-1' }))
    .toMatchObject({ status: 400, body: { message: expect.stringContaining('us-east-1 only') } });
});

test('a value has one of four types, and 0, false and an empty text are values too', async () => {
  const { licenseArn } = world.subscribe({ productCode: ProductCode, customerAwsAccountId: ALICE, quantities: { Users: 0, Projects: 0.5 } });
  const values = async () => (await get({ Filter: { LICENSE_ARN: [licenseArn] } })).Entitlements!.map(({ Value }) => Value);
  expect(await values()).toEqual([{ IntegerValue: 0 }, { DoubleValue: 0.5 }]);
  const texts = world.subscribe({ productCode: ProductCode, customerAwsAccountId: BOB, quantities: { Users: false, Projects: '' } });
  const { Entitlements } = await get({ Filter: { LICENSE_ARN: [texts.licenseArn] } });
  expect(Entitlements!.map(({ Value }) => Value)).toEqual([{ BooleanValue: false }, { StringValue: '' }]);
});
