import { customerIdentifierOf } from './ids';
import type { Agreement } from './types';

/** Topics of AWS Marketplace: a topic without subscriptions has no receiver. */
export interface NotificationSink {
  /** Topics are found by name: account and region of the owner are the app's to know. */
  publish(topicName: string, message: string): void;
}

/** Sends the notifications of legacy products: docs/marketplace-facts.md#f-4. Other products have none. */
export class MarketplaceNotifications {
  constructor(private readonly sink: NotificationSink) {}

  subscribed(agreement: Agreement): void {
    this.subscription(agreement, 'subscribe-success', { 'offer-identifier': agreement.offerId });
    this.entitlement(agreement);
  }

  failed(agreement: Agreement): void {
    this.subscription(agreement, 'subscribe-fail', { 'offer-identifier': agreement.offerId });
  }

  ending(agreement: Agreement): void {
    this.subscription(agreement, 'unsubscribe-pending');
    this.entitlement(agreement);
  }

  ended(agreement: Agreement): void {
    this.subscription(agreement, 'unsubscribe-success');
  }

  private subscription(agreement: Agreement, action: string, more: Readonly<Record<string, string>> = {}): void {
    this.publish(agreement, 'subscription', { action, ...buyer(agreement), ...more, isFreeTrialTermPresent: String(agreement.freeTrial) });
  }

  /** The same body for a new contract, an upgrade, a renewal and the end. */
  private entitlement(agreement: Agreement): void {
    if (agreement.product.pricingModel !== 'SUBSCRIPTION') {
      this.publish(agreement, 'entitlement', { action: 'entitlement-updated', ...buyer(agreement) });
    }
  }

  private publish({ product }: Agreement, kind: string, body: Readonly<Record<string, string>>): void {
    if (product.agreementMode === 'LEGACY') {
      this.sink.publish(`aws-mp-${kind}-notification-${product.productCode}`, JSON.stringify(body, null, 2));
    }
  }
}

function buyer({ product, customerAwsAccountId }: Agreement): Record<string, string> {
  return { 'customer-identifier': customerIdentifierOf(customerAwsAccountId), 'product-code': product.productCode };
}
