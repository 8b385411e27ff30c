import * as fs from 'fs';
import * as path from 'path';
import { Duration, Lazy } from 'aws-cdk-lib';
import { ConfigurationSet } from 'aws-cdk-lib/aws-ses';
import { integrate, newStack, resources, welcomeEmail } from './fixtures';
import {
  AgreementMode, LateUsagePolicy, MeteringMode, MarketplaceSaasIntegrationProps, Registration, RegistrationNotice, SaasPricingModel, SellerAccess,
} from '../../src';
import { Env } from '../../src/names';

const FUNCTIONS: Record<string, string> = {
  'registration': 'Registration',
  'agreement-events': 'Agreements',
  'buyer-data': 'BuyerData',
  'buyer-messages': 'BuyerMessages',
  'usage-intake': 'UsageIntake',
  'metering': 'Metering',
  'reconciliation': 'Reconciliation',
};

/** Contracts are not metered. */
const hasContracts = (handler: string) => !['metering', 'usage-intake'].includes(handler);

function variables(handler: string, props: Partial<MarketplaceSaasIntegrationProps> = {}): Record<string, unknown> {
  const stack = newStack();
  const messages: Partial<MarketplaceSaasIntegrationProps> = handler === 'buyer-messages' ? {
    registration: Registration.hostedPage({
      productName: Lazy.string({ produce: () => 'Acme' }),
      welcomeEmail: welcomeEmail(stack, { configurationSet: ConfigurationSet.fromConfigurationSetName(stack, 'Reports', 'reports') }),
    }),
    registrationNotices: [RegistrationNotice.email('sales@example.com', { includeContact: true })],
  } : handler === 'reconciliation' ? { registration: Registration.hostedPage({ welcomeEmail: welcomeEmail(stack) }) } : {};
  const functions = resources(integrate({ ...props, ...messages }, stack).template(), 'AWS::Lambda::Function');
  const [, fn] = functions.find(([id]) => id.startsWith(`Marketplace${FUNCTIONS[handler]}HandlerFunction`))!;
  return fn.Properties.Environment.Variables;
}

test.each(Object.keys(FUNCTIONS))('the function %s has every variable that it reads', (handler) => {
  const entry = fs.readFileSync(path.join(__dirname, `../../lambda/${handler}/${handler}.lambda.ts`), 'utf8');
  const names = new Set<string>(Object.values(Env));
  const read = [...entry.matchAll(/\b[A-Z][A-Z_]+\b/g)].map(([name]) => name).filter((name) => names.has(name));
  expect(read).not.toEqual([]);
  const sellerAccess = SellerAccess.assumeRole('arn:aws:iam::111122223333:role/seller', { externalId: 'acme' });
  const registration = Registration.ownSignUp(Lazy.string({ produce: () => 'https://example.com' }));
  // Some variables are there for one kind of product only.
  const contract = { pricingModel: SaasPricingModel.CONTRACT, dimensions: [] };
  const modes = [AgreementMode.LEGACY, AgreementMode.MIGRATING].map((agreementMode) => ({ agreementMode }));
  const products = [{}, ...modes, ...hasContracts(handler) ? [contract] : []];
  const given = products.flatMap((product) => Object.keys(variables(handler, { sellerAccess, registration, ...product })));
  expect(given).toEqual(expect.arrayContaining(read));
});

test('the buyer-data function has the variables that it reads, and no others', () => {
  expect(Object.keys(variables('buyer-data')).sort()).toEqual(['REGISTRATIONS_TABLE', 'SUBSCRIPTIONS_TABLE']);
});

test('the options of metering are variables of the function', () => {
  expect(variables('metering', {
    metering: MeteringMode.DRY_RUN,
    meteringRegion: 'eu-central-1',
    maxCallsPerSecond: 3,
    closeGrace: Duration.minutes(30),
    finalUsageGrace: Duration.seconds(90),
    lateUsagePolicy: LateUsagePolicy.REJECT,
    reportZeroUsage: false,
  })).toMatchObject({
    METERING_MODE: 'DRY_RUN',
    METERING_REGION: 'eu-central-1',
    MAX_CALLS_PER_SECOND: '3',
    CLOSE_GRACE_SECONDS: '1800',
    FINAL_USAGE_GRACE_SECONDS: '90',
    LATE_USAGE_POLICY: 'REJECT',
    REPORT_ZERO_USAGE: 'false',
  });
  expect(variables('usage-intake', { closeGrace: Duration.minutes(30) })).toMatchObject({ CLOSE_GRACE_SECONDS: '1800' });
});

test('by default metering sends usage, carries late usage, and reports zero usage', () => {
  expect(variables('metering')).toMatchObject({
    METERING_MODE: 'LIVE',
    METERING_REGION: 'us-east-1',
    MAX_CALLS_PER_SECOND: '10',
    CLOSE_GRACE_SECONDS: '600',
    FINAL_USAGE_GRACE_SECONDS: '600',
    LATE_USAGE_POLICY: 'CARRY_FORWARD',
    REPORT_ZERO_USAGE: 'true',
  });
});
