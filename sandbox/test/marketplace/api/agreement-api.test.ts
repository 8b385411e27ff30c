import {
  AccessDeniedException,
  DescribeAgreementCommand,
  type Filter,
  GetAgreementEntitlementsCommand,
  GetAgreementTermsCommand,
  ResourceNotFoundException,
  SearchAgreementsCommand,
  type SearchAgreementsInput,
  ValidationException,
} from '@aws-sdk/client-marketplace-agreement';
import { BUYER, CONTRACT, DAY, SELLER, Served, START, SUBSCRIPTION, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
let served: Served;
beforeAll(async () => { served = await Served.start(() => world); });
afterAll(async () => served.stop());
beforeEach(() => { world = new MarketplaceFixture([SUBSCRIPTION, CONTRACT]); });

const subscribe = (body: Record<string, unknown> = {}) => world.subscribe({ productCode: SUBSCRIPTION.productCode, ...body });
const contract = (body: Record<string, unknown> = {}) => subscribe({ productCode: CONTRACT.productCode, ...body });
const filters = (values: Record<string, string>): Filter[] => (
  Object.entries({ AgreementType: 'PurchaseAgreement', PartyType: 'Proposer', ...values }).map(([name, value]) => ({ name, values: [value] }))
);
const search = async (values: Record<string, string> = {}, more: Partial<SearchAgreementsInput> = {}) => (
  served.agreement().send(new SearchAgreementsCommand({ catalog: 'AWSMarketplace', filters: filters(values), ...more }))
);
const ids = async (values: Record<string, string> = {}, more: Partial<SearchAgreementsInput> = {}) => (
  (await search(values, more)).agreementViewSummaries!.map((summary) => summary.agreementId)
);

test('DescribeAgreement answers with parties, times, product and status, and without an end for pay-as-you-go', async () => {
  const { agreementId } = subscribe();
  const { $metadata, ...output } = await served.agreement().send(new DescribeAgreementCommand({ agreementId }));
  expect($metadata.httpStatusCode).toBe(200);
  expect(output).toEqual({
    agreementId,
    acceptanceTime: new Date(START),
    startTime: new Date(START),
    agreementType: 'PurchaseAgreement',
    acceptor: { accountId: BUYER },
    proposer: { accountId: SELLER },
    proposalSummary: { resources: [{ id: expect.stringMatching(/^prod-/), type: 'SaaSProduct' }], offerId: expect.stringMatching(/^offer-/) },
    estimatedCharges: { currencyCode: 'USD', agreementValue: '0' },
    status: 'ACTIVE',
  });
});

test('an agreement that does not exist is not found', async () => {
  const error = await served.agreement().send(new DescribeAgreementCommand({ agreementId: 'agmt-none' })).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ResourceNotFoundException);
  expect(error).toMatchObject({ resourceId: 'agmt-none', resourceType: 'Agreement' });
  expect(world.wire('AWSMPCommerceService_v20200301.DescribeAgreement', {})).toMatchObject({
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: { __type: 'com.amazonaws.marketplaceagreement#ValidationException' },
  });
});

test('the terms show a free trial, usage and contract prices', async () => {
  const kinds = async (agreementId: string) => {
    const { acceptedTerms } = await served.agreement().send(new GetAgreementTermsCommand({ agreementId }));
    return acceptedTerms!.map((term) => Object.keys(term)[0]);
  };
  expect(await kinds(subscribe().agreementId)).toEqual(['validityTerm', 'usageBasedPricingTerm']);
  expect(await kinds(subscribe({ freeTrial: true }).agreementId)).toEqual(['validityTerm', 'usageBasedPricingTerm', 'freeTrialPricingTerm']);
  expect(await kinds(contract({ autoRenewal: true }).agreementId))
    .toEqual(['validityTerm', 'usageBasedPricingTerm', 'fixedUpfrontPricingTerm', 'renewalTerm']);
});

test('the entitlement of an agreement follows its license', async () => {
  const status = async (agreementId: string) => {
    const { agreementEntitlements } = await served.agreement().send(new GetAgreementEntitlementsCommand({ agreementId }));
    return agreementEntitlements![0].status;
  };
  const startTime = new Date(START + 10 * DAY).toISOString();
  const later = world.marketplace.purchase({ productCode: SUBSCRIPTION.productCode, startTime });
  const now = world.marketplace.purchase({ productCode: SUBSCRIPTION.productCode });
  expect([await status(later.agreementId), await status(now.agreementId)]).toEqual(['SCHEDULED', 'PENDING']);
  world.time.advance(72_000);
  expect(await status(now.agreementId)).toBe('PROVISIONED');
  world.act(now, 'cancel');
  world.time.advance(31_000);
  expect(await status(now.agreementId)).toBe('DEPROVISIONED');

  world.set({ 'agreements.entitlementsForProposer': false });
  await expect(status(now.agreementId)).rejects.toThrow(AccessDeniedException);
});

test('SearchAgreements filters and sorts', async () => {
  const endless = subscribe();
  const later = contract({ customerAwsAccountId: '222233334444' });
  const sooner = contract({ endTime: new Date(START + 40 * DAY).toISOString() });
  const cancelled = subscribe();
  world.act(cancelled, 'cancel');

  expect(await ids()).toEqual([sooner, later, endless, cancelled].map((purchase) => purchase.agreementId));
  expect(await ids({}, { sort: { sortBy: 'StartTime', sortOrder: 'DESCENDING' } }))
    .toEqual([cancelled, sooner, later, endless].map((purchase) => purchase.agreementId));
  expect(await ids({ Status: 'CANCELLED' })).toEqual([cancelled.agreementId]);
  expect(await ids({ AcceptorAccountId: '222233334444' })).toEqual([later.agreementId]);
  expect(await ids({ LicenseArn: endless.licenseArn })).toEqual([endless.agreementId]);
  expect(await ids({ BeforeEndTime: new Date(START + 50 * DAY).toISOString(), Status: 'ACTIVE' })).toEqual([sooner.agreementId]);
  expect(await ids({ AgreementType: 'VendorInsightsAgreement' })).toEqual([]);
  expect((await search({ LicenseArn: endless.licenseArn })).agreementViewSummaries).toMatchObject([{
    entitlements: [{ licenseArn: endless.licenseArn }], initialAgreementId: endless.agreementId, lastUpdateTime: new Date(START),
  }]);
});

test('an agreement a channel partner proposed is not the seller\'s to read, nor is its successor', async () => {
  const partners = contract({ channelPartnerAccountId: '999988887777' });
  const renewed = world.act(partners, 'renew') as { agreementId: string };
  const own = contract();
  expect(await ids()).toEqual([own.agreementId]);
  expect(await ids({ LicenseArn: partners.licenseArn })).toEqual([]);
  for (const { agreementId } of [partners, renewed]) {
    const client = served.agreement();
    await expect(client.send(new DescribeAgreementCommand({ agreementId }))).rejects.toThrow(ResourceNotFoundException);
    await expect(client.send(new GetAgreementTermsCommand({ agreementId }))).rejects.toThrow(ResourceNotFoundException);
    await expect(client.send(new GetAgreementEntitlementsCommand({ agreementId }))).rejects.toThrow(ResourceNotFoundException);
  }
});

test('a chain of renewals is found by its first agreement', async () => {
  const first = contract();
  const second = world.act(first, 'renew');
  expect((await ids({ InitialAgreementId: first.agreementId })).sort()).toEqual([first.agreementId, second.agreementId].sort());
});

test('SearchAgreements gives at most 50 a page', async () => {
  for (let buyer = 0; buyer < 50; buyer += 1) {
    subscribe();
  }
  expect((await search()).nextToken).toBeUndefined();
  for (let buyer = 0; buyer < 10; buyer += 1) {
    subscribe();
  }
  const first = await search();
  const second = await search({}, { nextToken: first.nextToken });
  expect([first.agreementViewSummaries!.length, second.agreementViewSummaries!.length, second.nextToken]).toEqual([50, 10, undefined]);
  await expect(search({ Status: 'ACTIVE' }, { nextToken: first.nextToken })).rejects.toMatchObject({ reason: 'INVALID_NEXT_TOKEN' });
});

test.each<[string, Record<string, string>, string]>([
  ['an unknown filter', { ProductCode: 'x' }, 'INVALID_FILTER_NAME'],
  ['the acceptor\'s view', { PartyType: 'Acceptor' }, 'INVALID_PARTY_TYPE'],
  ['an unknown status', { Status: 'RUNNING' }, 'INVALID_FILTER_VALUES'],
  ['a date that is none', { AfterEndTime: 'tomorrow' }, 'INVALID_FILTER_VALUES'],
])('%s is refused', async (_, values, reason) => {
  const error = await search(values).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ValidationException);
  expect(error).toMatchObject({ reason });
});

test('AgreementType is required; sorting knows three columns', async () => {
  await expect(search({}, { filters: undefined })).rejects.toMatchObject({ reason: 'MISSING_FILTER_NAME' });
  await expect(search({}, { sort: { sortBy: 'Price' } })).rejects.toMatchObject({ reason: 'INVALID_SORT_BY' });
});

test('what is not emulated says so', () => {
  expect(world.wire('AWSMPCommerceService_v20200301.SendAgreementCancellationRequest', {})).toMatchObject({
    status: 400,
    body: { __type: 'com.amazonaws.marketplaceagreement#SandboxUnsupportedException', message: expect.stringContaining('SendAgreementCancellationRequest') },
  });
});
