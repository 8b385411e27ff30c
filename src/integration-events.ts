import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { IntegrationMetrics } from './integration-metrics';
import { DetailType } from './names';
import { domainEventPattern } from './private/event-patterns';

/**
 * The domain events of an integration as rules. Events are delivered at least once; `detail.eventId` is the same each
 * time. None of them carries personal data of the buyer.
 *
 * @internal
 */
export abstract class IntegrationEvents extends IntegrationMetrics {
  /** Where the domain events of this integration are found. */
  public abstract readonly eventBus: events.IEventBus;

  /** @internal */
  protected abstract readonly _productCode: string;

  /**
   * A buyer completed registration.
   *
   * @param id id of the rule
   * @param options target, further pattern, and so on
   */
  public onBuyerRegistered(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.BUYER_REGISTERED, options);
  }

  /**
   * A subscription is active: provision it, and meter from now on.
   *
   * @param id id of the rule
   * @param options target, further pattern, and so on
   */
  public onSubscriptionActivated(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.SUBSCRIPTION_ACTIVATED, options);
  }

  /**
   * Something about an active subscription changed, such as its agreement.
   *
   * @param id id of the rule
   * @param options target, further pattern, and so on
   */
  public onSubscriptionUpdated(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.SUBSCRIPTION_UPDATED, options);
  }

  /**
   * A subscription ends: report the usage you still hold within `finalUsageGrace`.
   *
   * @param id id of the rule
   * @param options target, further pattern, and so on
   */
  public onSubscriptionEnding(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.SUBSCRIPTION_ENDING, options);
  }

  /**
   * A subscription has ended, its final hour included: deprovision it.
   *
   * @param id id of the rule
   * @param options target, further pattern, and so on
   */
  public onSubscriptionEnded(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.SUBSCRIPTION_ENDED, options);
  }

  /**
   * AWS suspects fraud, abuse or compromise of a buyer's account. The subscription goes on; access is your decision.
   *
   * @param id id of the rule
   * @param options target, further pattern, and so on
   */
  public onAdvisoryIssued(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.ADVISORY_ISSUED, options);
  }

  /**
   * AWS has settled an advisory.
   *
   * @param id id of the rule
   * @param options target, further pattern, and so on
   */
  public onAdvisoryResolved(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.ADVISORY_RESOLVED, options);
  }

  /**
   * Usage will not be billed; the detail has the reason.
   *
   * @param id id of the rule
   * @param options target, further pattern, and so on
   */
  public onUsageRejected(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.USAGE_REJECTED, options);
  }

  /**
   * It is unknown whether AWS took an hour of usage; settle it from CloudTrail.
   *
   * @param id id of the rule
   * @param options target, further pattern, and so on
   */
  public onUsageUnresolved(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.USAGE_UNRESOLVED, options);
  }

  private onDomainEvent(id: string, detailType: string, options: events.OnEventOptions): events.Rule {
    const rule = new events.Rule(this.rules(), id, { ...options, eventBus: this.eventBus });
    rule.addEventPattern(domainEventPattern(this._productCode, detailType));
    rule.addTarget(options.target);
    return rule;
  }

  /** A scope of their own, so that an id of the user's never meets one of ours. */
  private rules(): Construct {
    return this.node.tryFindChild('On') as Construct ?? new Construct(this, 'On');
  }
}
