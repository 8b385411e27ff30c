import { productIdOf } from './ids';
import { DAY, isoMilliseconds, SECOND } from './time';
import type { Agreement, License } from './types';

/** Status of a license as GetAgreementEntitlements calls it: docs/marketplace-facts.md#f-5. */
export function licenseStatus(license: License, now: number): string {
  if (license.deprovisionedAt !== undefined) {
    return 'DEPROVISIONED';
  }
  if (license.activeAt !== undefined) {
    return 'PROVISIONED';
  }
  return license.startTime > now ? 'SCHEDULED' : 'PENDING';
}

/** An agreement as the control API shows it: times in ISO 8601, `null` where there is none. */
export function agreementState(agreement: Agreement, now: number, suspended: boolean): Record<string, unknown> {
  const { license } = agreement;
  return {
    agreementId: agreement.agreementId,
    productCode: agreement.product.productCode,
    status: agreement.status,
    intent: agreement.intent,
    previousAgreementId: agreement.previousAgreementId ?? null,
    offerId: agreement.offerId,
    customerAwsAccountId: agreement.customerAwsAccountId,
    suspended,
    licenseId: license.licenseId,
    licenseArn: license.licenseArn,
    licenseStatus: licenseStatus(license, now),
    acceptanceTime: isoMilliseconds(agreement.acceptanceTime),
    startTime: isoMilliseconds(agreement.startTime),
    endTime: iso(agreement.endTime),
    endedAt: iso(agreement.endedAt),
    licenseUpdatedAt: iso(license.activeAt),
    licenseDeprovisionedAt: iso(license.deprovisionedAt),
    freeTrial: agreement.freeTrial,
    autoRenewal: agreement.autoRenewal,
    dimensions: agreement.dimensions,
    quantities: agreement.quantities,
  };
}

/** What DescribeAgreement and SearchAgreements have in common: times in epoch seconds. */
export function agreementOutput(agreement: Agreement): Record<string, unknown> {
  return {
    agreementId: agreement.agreementId,
    acceptanceTime: agreement.acceptanceTime / SECOND,
    startTime: agreement.startTime / SECOND,
    ...agreement.endTime !== undefined && { endTime: agreement.endTime / SECOND },
    agreementType: 'PurchaseAgreement',
    acceptor: { accountId: agreement.customerAwsAccountId },
    proposer: { accountId: agreement.proposerAccountId },
    proposalSummary: { resources: [productResource(agreement)], offerId: agreement.offerId },
    status: agreement.status,
  };
}

export function productResource(agreement: Agreement): { id: string; type: string } {
  return { id: productIdOf(agreement.product.productCode), type: 'SaaSProduct' };
}

/** Terms without prices: the sandbox sells nothing for money. */
export function acceptedTerms(agreement: Agreement): Record<string, unknown>[] {
  const { product, agreementId } = agreement;
  const id = (kind: string) => `term-${kind}-${agreementId.slice('agmt-'.length)}`;
  const rates = (dimensions: readonly string[]) => dimensions.map((dimensionKey) => ({ dimensionKey, price: '0' }));
  const grants = Object.entries(agreement.quantities).map(([dimensionKey, value]) => (
    { dimensionKey, ...Number.isInteger(value) && { maxQuantity: value } }
  ));
  const terms: Record<string, unknown>[] = [{
    validityTerm: {
      type: 'ValidityTerm',
      id: id('validity'),
      agreementStartDate: agreement.startTime / SECOND,
      ...agreement.endTime !== undefined && { agreementEndDate: agreement.endTime / SECOND },
    },
  }];
  if (product.pricingModel !== 'CONTRACT') {
    terms.push({
      usageBasedPricingTerm: {
        type: 'UsageBasedPricingTerm', id: id('usage'), currencyCode: 'USD', rateCards: [{ rateCard: rates(agreement.dimensions) }],
      },
    });
  }
  if (product.pricingModel !== 'SUBSCRIPTION') {
    terms.push({
      fixedUpfrontPricingTerm: { type: 'FixedUpfrontPricingTerm', id: id('upfront'), currencyCode: 'USD', price: '0', grants },
    });
  }
  if (agreement.freeTrial) {
    const days = agreement.endTime === undefined ? 30 : Math.round((agreement.endTime - agreement.startTime) / DAY);
    terms.push({ freeTrialPricingTerm: { type: 'FreeTrialPricingTerm', id: id('trial'), duration: `P${days}D`, grants } });
  }
  if (agreement.autoRenewal) {
    terms.push({ renewalTerm: { type: 'RenewalTerm', id: id('renewal'), configuration: { enableAutoRenew: true } } });
  }
  return terms;
}

function iso(time: number | undefined): string | null {
  return time === undefined ? null : isoMilliseconds(time);
}
