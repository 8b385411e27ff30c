import * as events from 'aws-cdk-lib/aws-events';
import { EVENT_SOURCE } from '../names';

/** Several integrations may share one bus, so the product is part of the pattern. */
export function domainEventPattern(productCode: string, detailType: string): events.EventPattern {
  return { source: [EVENT_SOURCE], detailType: [detailType], detail: { productCode: [productCode] } };
}
