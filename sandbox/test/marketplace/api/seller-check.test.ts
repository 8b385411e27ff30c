import { BUYER, CONTRACT, OTHER_SUBSCRIPTION, SELLER, SUBSCRIPTION, MarketplaceFixture } from '../harness';

const WORKLOAD = '777788889999';
const UNNAMED = '000000000000';

let world: MarketplaceFixture;
beforeEach(() => { world = new MarketplaceFixture([SUBSCRIPTION, CONTRACT]); });

const BODIES: Readonly<Record<string, unknown>> = {
  'AWSMPMeteringService.ResolveCustomer': { RegistrationToken: 'token' },
  'AWSMPMeteringService.BatchMeterUsage': { UsageRecords: [] },
  'AWSMPEntitlementService.GetEntitlements': { ProductCode: CONTRACT.productCode },
  'AWSMPCommerceService_v20200301.DescribeAgreement': { agreementId: 'agmt-none' },
};
const called = (target: string, account?: string) => world.wire(target, BODIES[target], { account }).body as { __type?: string; message?: string };
const refusals = (account?: string) => Object.keys(BODIES).map((target) => called(target, account)).filter(({ message }) => message?.includes('SellerAccess'));

test.each([
  ['AWSMPMeteringService.ResolveCustomer', 'InvalidTokenException'],
  ['AWSMPMeteringService.BatchMeterUsage', 'InvalidProductCodeException'],
  ['AWSMPEntitlementService.GetEntitlements', 'InvalidParameterException'],
  ['AWSMPCommerceService_v20200301.DescribeAgreement', 'AccessDeniedException'],
])('%s refuses a role of another account than the seller\'s with %s', (target, name) => {
  const { __type: type, message } = called(target, WORKLOAD);
  expect(type).toMatch(new RegExp(`#${name}$`));
  expect(message).toBe(`${target.split('.')[1]} was called by a role of account ${WORKLOAD}, but the seller is account ${SELLER}: `
    + 'assume a role there, as SellerAccess.assumeRole does: https://github.com/cdk-marketplace-saas/cdk-marketplace-saas/blob/main/docs/marketplace-facts.md#f-7-2');
  expect(world.marketplace.findings()).toEqual([{ severity: 'error', code: 'NOT_THE_SELLER', message }]);
});

test('the names are settings', () => {
  world.set({
    'registration.otherAccount': 'AccessDeniedException',
    'metering.otherAccount': 'InvalidLicenseException',
    'entitlements.otherAccount': 'AccessDeniedException',
  });
  expect(refusals(WORKLOAD).map(({ __type: type }) => type?.split('#')[1]))
    .toEqual(['AccessDeniedException', 'InvalidLicenseException', 'AccessDeniedException', 'AccessDeniedException']);
});

test('the seller is answered, so is a role of no known account, and who calls with no role', () => {
  const token = world.subscribe({ productCode: CONTRACT.productCode }).registrationToken;
  for (const account of [SELLER, UNNAMED, undefined]) {
    expect(refusals(account)).toEqual([]);
    expect(world.wire('AWSMPMeteringService.ResolveCustomer', { RegistrationToken: token }, { account }).body).toMatchObject({ CustomerAWSAccountId: BUYER });
  }
  expect(world.marketplace.findings()).toEqual([]);
});

test('a product can have a seller of its own, and its events are in that account', () => {
  world = new MarketplaceFixture([SUBSCRIPTION, { ...OTHER_SUBSCRIPTION, sellerAccountId: WORKLOAD }]);
  expect([refusals(SELLER), refusals(WORKLOAD)]).toEqual([[], []]);
  expect(refusals('999900001111')).toHaveLength(4);
  world.subscribe({ productCode: SUBSCRIPTION.productCode });
  world.subscribe({ productCode: OTHER_SUBSCRIPTION.productCode });
  expect(new Set(world.events.slice(0, 2).map(({ account }) => account))).toEqual(new Set([SELLER]));
  expect(new Set(world.events.slice(2).map(({ account }) => account))).toEqual(new Set([WORKLOAD]));
});
