import * as events from 'aws-cdk-lib/aws-events';

/**
 * The event bus on which AWS Marketplace's agreement and license events are found. AWS delivers them to the default bus
 * of the seller account in us-east-1 only; anywhere else they have to be forwarded (`MarketplaceSellerAccount` does it).
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-eventbridge-integration.html
 */
export class AgreementEventSource {
  /** The default bus of this stack's account and region: right when that is the seller account in us-east-1. */
  public static defaultBus(): AgreementEventSource {
    return new AgreementEventSource();
  }

  /**
   * A bus that events are forwarded to. It must let the seller account put events.
   *
   * @param bus a bus in the account and region of the integration
   */
  public static eventBus(bus: events.IEventBus): AgreementEventSource {
    return new AgreementEventSource(bus);
  }

  /** The bus; `undefined`: the default bus. */
  public readonly bus?: events.IEventBus;

  private constructor(bus?: events.IEventBus) {
    this.bus = bus;
  }
}
