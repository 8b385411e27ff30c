import * as events from 'aws-cdk-lib/aws-events';
import { AGREEMENT_EVENT_SOURCE, EVENT_SOURCE, FORWARDED_NOTIFICATION } from '../names';

/**
 * AWS Marketplace's events of one product, and those without a product code: agreement events have none
 * (docs/marketplace-facts.md#f-3-4), and the handler joins them with their license.
 */
export function agreementEventPattern(productCode?: string): events.EventPattern {
  const source = [AGREEMENT_EVENT_SOURCE];
  if (productCode === undefined) {
    return { source };
  }
  return {
    source,
    detail: { $or: [{ product: { code: [productCode] } }, { product: { code: [{ exists: false }] } }] },
  };
}

/** Notifications of one legacy product, as they are forwarded from the seller account. */
export function notificationPattern(productCode: string): events.EventPattern {
  return { source: [EVENT_SOURCE], detailType: [FORWARDED_NOTIFICATION], detail: { TopicArn: [{ suffix: `-notification-${productCode}` }] } };
}

/** Several integrations may share one bus, so the product is part of the pattern. */
export function domainEventPattern(productCode: string, ...detailType: string[]): events.EventPattern {
  return { source: [EVENT_SOURCE], detailType, detail: { productCode: [productCode] } };
}
