import * as events from 'aws-cdk-lib/aws-events';
import { AGREEMENT_EVENT_SOURCE } from '../names';

/**
 * AWS Marketplace's events of one product, and those that name no product code: agreement events never do (docs/marketplace-facts.md#f-3-4),
 * the handler joins them with their license.
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
