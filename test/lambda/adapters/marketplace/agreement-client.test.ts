import {
  AccessDeniedException, type MarketplaceAgreementClient, type SearchAgreementsCommandInput, ThrottlingException, ValidationException,
} from '@aws-sdk/client-marketplace-agreement';
import { MarketplaceAgreementSource } from '../../../../lambda/adapters/marketplace/agreement-client';

const problem = (name: string) => ({ message: name, requestId: 'r', $metadata: {} });
const START = new Date('2026-08-20T14:23:11.013Z');
const SUMMARY = {
  agreementId: 'agmt-1',
  status: 'ACTIVE',
  initialAgreementId: 'agmt-1',
  acceptor: { accountId: '111122223333' },
  proposalSummary: { resources: [{ id: 'prod-1', type: 'SaaSProduct' }], offerId: 'offer-1' },
  entitlements: [{ licenseArn: 'arn:aws:license-manager::294406891311:license:l-1' }],
  acceptanceTime: START,
  startTime: START,
  lastUpdateTime: START,
};

function start(...answers: readonly unknown[]) {
  const time = { now: 0 };
  const inputs: SearchAgreementsCommandInput[] = [];
  const sentAt: number[] = [];
  const left = [...answers];
  const client = {
    send: async ({ input }: { input: SearchAgreementsCommandInput }) => {
      inputs.push(input);
      sentAt.push(time.now);
      const answer = left.shift() ?? {};
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
  } as unknown as Pick<MarketplaceAgreementClient, 'send'>;
  const source = new MarketplaceAgreementSource(client, { now: () => time.now, sleep: async (ms) => { time.now += ms; }, random: () => 0 });
  return { source, inputs, sentAt };
}

describe('the agreements of a seller', () => {
  test('the agreements of a seller are read as the proposer, with the filters of the query', async () => {
    const { source, inputs } = start({ agreementViewSummaries: [SUMMARY], nextToken: 'next' });
    const page = await source.search({ updatedAfter: START.getTime(), productId: 'prod-1', licenseArn: 'arn', initialAgreementId: 'agmt-0' }, 'token');
    expect(inputs).toEqual([{
      catalog: 'AWSMarketplace',
      filters: [
        { name: 'PartyType', values: ['Proposer'] },
        { name: 'AgreementType', values: ['PurchaseAgreement'] },
        { name: 'AfterLastUpdateTime', values: ['2026-08-20T14:23:11.013Z'] },
        { name: 'ResourceIdentifier', values: ['prod-1'] },
        { name: 'LicenseArn', values: ['arn'] },
        { name: 'InitialAgreementId', values: ['agmt-0'] },
      ],
      maxResults: 50,
      nextToken: 'token',
    }]);
    const time = START.getTime();
    expect(page).toEqual({
      agreements: [{
        agreementId: 'agmt-1',
        status: 'ACTIVE',
        initialAgreementId: 'agmt-1',
        customerAwsAccountId: '111122223333',
        productIds: ['prod-1'],
        licenseArns: ['arn:aws:license-manager::294406891311:license:l-1'],
        offerId: 'offer-1',
        acceptanceTime: time,
        startTime: time,
        lastUpdateTime: time,
      }],
      nextToken: 'next',
    });
  });

  test('the agreements of a seller may be described with next to nothing, or not be listed at all', async () => {
    expect(await start({}).source.search({})).toEqual({ agreements: [] });
    expect(await start({ agreementViewSummaries: [{}, { agreementId: 'agmt-1', entitlements: [{}] }] }).source.search({}))
      .toEqual({ agreements: [{ agreementId: 'agmt-1', productIds: [], licenseArns: [] }] });
    expect(await start({ status: 'EXPIRED' }).source.describe('agmt-1'))
      .toEqual({ agreementId: 'agmt-1', status: 'EXPIRED', productIds: [], licenseArns: [] });
  });

  test('the agreements of a seller are read at fewer than 5 calls a second', async () => {
    const { source, sentAt } = start();
    for (let call = 0; call < 5; call += 1) {
      await source.search({});
    }
    expect(sentAt).toEqual([0, 250, 500, 750, 1000]);
  });

  test('the agreements of a seller are asked for again with longer and longer waits while AWS throttles', async () => {
    const throttled = new ThrottlingException(problem('slow down'));
    const { source, sentAt } = start(throttled, throttled, { agreementViewSummaries: [SUMMARY] });
    expect((await source.search({})).agreements).toHaveLength(1);
    expect(sentAt).toEqual([0, 1000, 3000]);
    await expect(start(...Array(5).fill(throttled)).source.search({})).rejects.toMatchObject({ code: 'ThrottlingException', message: expect.stringMatching(/5 attempts.*again later/) });
  });

  test.each([
    ['AccessDeniedException', new AccessDeniedException(problem('no')), /aws-marketplace:SearchAgreements.*docs\/recovery\.md/],
    ['AccessDenied', Object.assign(new Error('not authorized to perform: sts:AssumeRole'), { name: 'AccessDenied' }), /role could not be assumed.*sts:AssumeRole/],
    ['ValidationException', new ValidationException(problem('bad token')), /bad token.*nextToken/],
    ['Error', new Error('odd'), /SearchAgreements failed \(odd\)/],
  ])('the agreements of a seller that AWS refuses are not asked for again, and the error says what to do (%s)', async (code, error, message) => {
    const { source, sentAt } = start(error);
    await expect(source.search({})).rejects.toMatchObject({ name: 'AgreementSourceError', code, message: expect.stringMatching(message) });
    expect(sentAt).toHaveLength(1);
  });
});

describe('the terms of an agreement', () => {
  test('say how long its free trial is, on whichever page', async () => {
    const { source, inputs } = start(
      { acceptedTerms: [{ validityTerm: {} }], nextToken: 'next' }, { acceptedTerms: [{ freeTrialPricingTerm: { duration: 'P30D' } }], nextToken: 'more' },
    );
    expect(await source.terms('agmt-1')).toEqual({ freeTrialDuration: 'P30D' });
    expect(inputs).toEqual([{ agreementId: 'agmt-1', maxResults: 50 }, { agreementId: 'agmt-1', maxResults: 50, nextToken: 'next' }]);
  });

  test('without a free trial have no duration', async () => {
    expect(await start({ acceptedTerms: [{ usageBasedPricingTerm: {} }] }).source.terms('agmt-1')).toEqual({});
  });
});
