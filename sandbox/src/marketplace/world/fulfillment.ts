import { type MarketplaceIds, productIdOf } from './ids';
import type { MarketplaceState, IssuedToken } from './marketplace-state';
import type { Agreement } from './types';
import type { Settings } from '../settings/settings';

/** The form that a buyer's browser posts to the fulfillment URL: docs/marketplace-facts.md#f-1-1. */
export interface Fulfillment {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface PurchaseResult {
  readonly agreementId: string;
  readonly licenseId: string;
  readonly licenseArn: string;
  readonly customerAwsAccountId: string;
  readonly registrationToken: string;
  readonly fulfillment: Fulfillment;
}

/** The buyer clicks "Set up your account": each click is a new token, none is a new agreement. */
export function setUpAccount(
  agreement: Agreement, source: IssuedToken['source'], now: number, state: MarketplaceState, ids: MarketplaceIds, settings: Settings,
): PurchaseResult {
  const registrationToken = ids.registrationToken();
  const { license } = agreement;
  state.tokens.set(registrationToken, { license, issuedAt: now, source, resolved: false });
  const { fulfillmentUrl, productCode } = agreement.product;
  return {
    agreementId: agreement.agreementId,
    licenseId: license.licenseId,
    licenseArn: license.licenseArn,
    customerAwsAccountId: agreement.customerAwsAccountId,
    registrationToken,
    fulfillment: {
      url: fulfillmentUrl,
      fields: {
        'x-amzn-marketplace-token': registrationToken,
        ...agreement.freeTrial && { 'x-amzn-marketplace-offer-type': 'free-trial' },
        ...settings.get('registration.fulfillmentHints') && {
          'x-amzn-marketplace-agreement-id': agreement.agreementId,
          'x-amzn-marketplace-product-id': productIdOf(productCode),
          'x-amzn-marketplace-fulfillment-url': fulfillmentUrl,
        },
      },
    },
  };
}
