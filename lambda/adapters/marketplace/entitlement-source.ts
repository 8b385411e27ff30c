import { setTimeout as sleep } from 'node:timers/promises';
import type * as EntitlementClientModule from './entitlement-client';
import type { EntitlementSource } from '../../domain/entitlements/ports';
import type { Log } from '../../domain/ports';
import type { Environment } from '../aws/environment';
import { wireSellerCredentials } from '../aws/seller-access';
import { systemClock } from '../aws/system-clock';

type EntitlementEnvironment = Environment<'PRODUCT_CODE' | 'PRICING_MODEL' | 'MARKETPLACE_REGION' | 'SELLER_ROLE_ARN' | 'SELLER_EXTERNAL_ID'>;

/** Waits of up to 1, 2 and 4 seconds between them. */
const ATTEMPTS = 4;

/**
 * The client is loaded for the first check: subscriptions have no entitlements.
 *
 * @returns undefined for a pricing model without entitlements
 */
export function wireEntitlementSource(environment: EntitlementEnvironment, log: Log, attempts = ATTEMPTS): EntitlementSource | undefined {
  const { PRODUCT_CODE: productCode, PRICING_MODEL: pricingModel, MARKETPLACE_REGION: region } = environment;
  if (pricingModel === 'SUBSCRIPTION') {
    return undefined;
  }
  const credentials = wireSellerCredentials(region, systemClock, {
    roleArn: environment.SELLER_ROLE_ARN, externalId: environment.SELLER_EXTERNAL_ID,
  });
  let source: EntitlementSource | undefined;
  return {
    entitlementsOf: async (license) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of its own in the bundle
      const { createEntitlementSource } = require('./entitlement-client') as typeof EntitlementClientModule;
      source ??= createEntitlementSource({
        productCode, region, credentials, attempts, log, now: () => systemClock.now(), sleep, random: Math.random,
      });
      return source.entitlementsOf(license);
    },
  };
}
