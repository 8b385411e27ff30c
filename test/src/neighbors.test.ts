import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { newApp, newStack, PROPS } from './fixtures';
import { MarketplaceSaasIntegration, MarketplaceSaasIntegrationProps, MeteringMode, SellerAccess } from '../../src';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = newApp();
  stack = new Stack(app, 'Saas');
});

function integrations(first: Partial<MarketplaceSaasIntegrationProps>, second: Partial<MarketplaceSaasIntegrationProps>): string[] {
  new MarketplaceSaasIntegration(stack, 'First', { ...PROPS, ...first });
  new MarketplaceSaasIntegration(stack, 'Second', { ...PROPS, ...second });
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('sends usage of|BatchMeterUsage')).map(({ entry }) => String(entry.data));
}

const LIVE_TWICE = expect.stringMatching(/^Saas\/First sends usage of the product 4ml54db8vrmjuykaw1psroool too.*MeteringMode\.DRY_RUN/);
const QUOTA = expect.stringMatching(/^with Saas\/First, up to 20 calls of BatchMeterUsage a second.*maxCallsPerSecond/);

test('a product that two integrations of one app send usage of is warned about', () => {
  expect(integrations({}, {})).toEqual([LIVE_TWICE]);
});

test('an integration in dry run beside the live one is not warned about', () => {
  expect(integrations({}, { metering: MeteringMode.DRY_RUN })).toEqual([]);
});

test('two products of one seller that together call more often than AWS allows are warned about', () => {
  expect(integrations({}, { productCode: 'another' })).toEqual([QUOTA]);
});

test.each<[string, Partial<MarketplaceSaasIntegrationProps>, Partial<MarketplaceSaasIntegrationProps>]>([
  ['stay within the quota together', { maxCallsPerSecond: 4 }, { maxCallsPerSecond: 6 }],
  ['meter in two regions', {}, { meteringRegion: 'eu-west-1' }],
  ['have two sellers', {}, { sellerAccess: SellerAccess.assumeRole('arn:aws:iam::111122223333:role/x') }],
])('two products that %s are not warned about', (_how, first, second) => {
  stack = new Stack(app, 'OfAccount', { env: { account: '444455556666', region: 'us-east-1' } });
  expect(integrations(first, { productCode: 'another', ...second })).toEqual([]);
});

test('integrations of two apps are not compared', () => {
  new MarketplaceSaasIntegration(newStack(), 'First', PROPS);
  expect(integrations({}, { metering: MeteringMode.DRY_RUN })).toEqual([]);
});
