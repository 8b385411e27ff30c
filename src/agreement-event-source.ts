import * as events from 'aws-cdk-lib/aws-events';

/**
 * The event bus from which the integration takes AWS Marketplace's agreement and license events. AWS delivers them to the
 * default bus of the seller account in us-east-1 only; `MarketplaceSellerAccount` forwards them to any other account or
 * region.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-eventbridge-integration.html
 * @example
 * // The product runs outside the seller account: events are forwarded to a bus of its own account and region.
 * const bus = new events.EventBus(this, 'AgreementEvents', { eventBusName: 'acme-agreement-events' });
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   agreementEvents: AgreementEventSource.eventBus(bus),
 * });
 */
export class AgreementEventSource {
  /**
   * The default bus of this stack's account and region: right where that is the seller account in us-east-1.
   *
   * @example
   * AgreementEventSource.defaultBus();
   */
  public static defaultBus(): AgreementEventSource {
    return new AgreementEventSource();
  }

  /**
   * A bus that receives the forwarded events. Its policy must let the seller account put events.
   *
   * @param bus a bus in the account and region of the integration
   */
  public static eventBus(bus: events.IEventBus): AgreementEventSource {
    return new AgreementEventSource(bus);
  }

  /** The bus; `undefined` stands for the default bus. */
  public readonly bus?: events.IEventBus;

  private constructor(bus?: events.IEventBus) {
    this.bus = bus;
  }
}
