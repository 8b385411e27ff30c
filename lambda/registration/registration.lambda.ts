import { randomBytes, randomUUID } from 'node:crypto';
import { MarketplaceMeteringClient } from '@aws-sdk/client-marketplace-metering';
import { registrationHandler } from './handle-registration';
import { RegistrationIndex } from '../../src/names';
import { timeoutOf } from '../adapters/aws/client-limits';
import { createDocumentClient } from '../adapters/aws/document-client';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger, createMetrics } from '../adapters/aws/logging';
import { wireSellerCredentials } from '../adapters/aws/seller-access';
import { readSettings } from '../adapters/aws/settings';
import { systemClock } from '../adapters/aws/system-clock';
import { Outbox } from '../adapters/events/outbox';
import { MarketplaceResolver } from '../adapters/marketplace/customer-resolver';
import { wireEntitlementSource } from '../adapters/marketplace/entitlement-source';
import { BuyerEmailTable } from '../adapters/registrations/buyer-email-table';
import { RegistrationTable } from '../adapters/registrations/registration-table';
import { defined } from '../domain/defined';
import { wireSubscriptions } from '../subscriptions/wiring';

const environment = readEnvironment(process.env, 'PRODUCT_CODE', 'PRICING_MODEL', 'AGREEMENT_MODE', 'SUBSCRIPTIONS_TABLE', 'REGISTRATIONS_TABLE',
  'EVENT_BUS_NAME', 'REGISTRATION', 'SELLER_ROLE_ARN', 'SELLER_EXTERNAL_ID', 'MARKETPLACE_REGION', 'INTEGRATION_ID',
  'METERING_MODE');
const settings = readSettings(process.env, 'registration');
const clock = systemClock;
// A buyer waits. Whichever of these clients hangs, the function answers before its 25 seconds, and API Gateway's 29, are over.
const documentClient = createDocumentClient(timeoutOf(3_000));
const credentials = wireSellerCredentials(environment.MARKETPLACE_REGION, clock, {
  roleArn: environment.SELLER_ROLE_ARN, externalId: environment.SELLER_EXTERNAL_ID,
});
const marketplace = new MarketplaceMeteringClient(defined({ region: environment.MARKETPLACE_REGION, ...timeoutOf(5_000), credentials }));

const deps = {
  productCode: environment.PRODUCT_CODE,
  agreementMode: environment.AGREEMENT_MODE,
  config: { ...settings.registration, ...environment.REGISTRATION },
  resolver: new MarketplaceResolver(marketplace),
  buyerEmails: new BuyerEmailTable(documentClient, environment.REGISTRATIONS_TABLE),
  clock,
  log: createLogger('registration'),
  metrics: createMetrics(environment.INTEGRATION_ID),
  newHandle: () => randomBytes(32).toString('base64url'),
  newId: () => randomUUID(),
};
// The buyer waits: one attempt, and reconciliation asks again.
const entitlementSource = wireEntitlementSource(environment, deps.log, 1);
const forInvocation = wireSubscriptions({ environment, documentClient, entitlementSource, eventBridge: timeoutOf(3_000), ...deps });


export const handler = registrationHandler(() => {
  const { publisher, subscriptions } = forInvocation();
  const outbox = new Outbox(documentClient, publisher, environment.REGISTRATIONS_TABLE, RegistrationIndex.OUTBOX);
  const { buyerDataRetentionSeconds } = settings.registration;
  const registrations = new RegistrationTable(documentClient, environment.REGISTRATIONS_TABLE, outbox, buyerDataRetentionSeconds);
  return { ...deps, registrations, subscriptions };
});
