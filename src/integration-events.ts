import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { DomainEventOptions } from './domain-event-options';
import { IntegrationMetrics } from './integration-metrics';
import { DetailType } from './names';
import { domainEventPattern } from './private/event-patterns';
import { FailedEvents } from './private/failed-events';
import { hasEntitlements, hasMetering, Product } from './private/product';

/**
 * Rules for the domain events of an integration. Events are delivered at least once, and `detail.eventId` is the same each
 * time. No event has personal data of the buyer.
 *
 * @internal
 */
export abstract class IntegrationEvents extends IntegrationMetrics {
  /** The event bus on which the integration publishes domain events. */
  public abstract readonly eventBus: events.IEventBus;

  /** @internal */
  protected abstract readonly _product: Pick<Product, 'productCode' | 'pricingModel'>;

  /** @internal */
  protected abstract readonly _failedEvents: FailedEvents;

  /**
   * A buyer completed registration.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onBuyerRegistered('Greet', { target: new targets.SqsQueue(new sqs.Queue(this, 'NewBuyers')) });
   */
  public onBuyerRegistered(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.BUYER_REGISTERED, options);
  }

  /**
   * A buyer has sent the form of the hosted page with an e-mail address, or has corrected it. Only with a `welcomeEmail`.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onBuyerEmailEntered('Invite', { target: new targets.LambdaFunction(provision) });
   */
  public onBuyerEmailEntered(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.BUYER_EMAIL_ENTERED, options);
  }

  /**
   * A buyer has confirmed the e-mail address, by the link in the welcome e-mail. Only with a `welcomeEmail` that asks for it.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onBuyerEmailConfirmed('Trust', { target: new targets.LambdaFunction(provision) });
   */
  public onBuyerEmailConfirmed(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.BUYER_EMAIL_CONFIRMED, options);
  }

  /**
   * A subscription became active: provision it, and report its usage from now on.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onSubscriptionActivated('Provision', { target: new targets.LambdaFunction(provision) });
   */
  public onSubscriptionActivated(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.SUBSCRIPTION_ACTIVATED, options);
  }

  /**
   * An active subscription changed, such as its agreement.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onSubscriptionUpdated('Update', { target: new targets.LambdaFunction(provision) });
   */
  public onSubscriptionUpdated(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.SUBSCRIPTION_UPDATED, options);
  }

  /**
   * What a buyer of a contract is entitled to has changed: bought, upgraded, downgraded, renewed, or ended. The detail has each
   * dimension before and after, and the difference.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @throws Error for a pricing model without entitlements, whose rule would never match
   * @example
   * contract.onEntitlementChanged('Resize', { target: new targets.LambdaFunction(provision) });
   */
  public onEntitlementChanged(id: string, options: DomainEventOptions = {}): events.Rule {
    this._requireEntitlements('onEntitlementChanged');
    return this.onDomainEvent(id, DetailType.ENTITLEMENT_CHANGED, options);
  }

  /**
   * A subscription ends: report the usage that you have not sent yet within `finalUsageGrace`.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onSubscriptionEnding('SendLastUsage', { target: new targets.LambdaFunction(provision) });
   */
  public onSubscriptionEnding(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.SUBSCRIPTION_ENDING, options);
  }

  /**
   * A subscription has ended, its final hour included: deprovision it.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onSubscriptionEnded('Deprovision', { target: new targets.LambdaFunction(provision) });
   */
  public onSubscriptionEnded(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.SUBSCRIPTION_ENDED, options);
  }

  /**
   * AWS suspects fraud, abuse or compromise of a buyer's account. The subscription stays active, and whether the buyer keeps
   * access is your decision.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onAdvisoryIssued('Review', { target: new targets.SnsTopic(topic) });
   */
  public onAdvisoryIssued(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.ADVISORY_ISSUED, options);
  }

  /**
   * AWS has resolved an advisory.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onAdvisoryResolved('Resolved', { target: new targets.SnsTopic(topic) });
   */
  public onAdvisoryResolved(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.ADVISORY_RESOLVED, options);
  }

  /**
   * AWS Marketplace announced something about an agreement: its renewal, a request to cancel it, a billing adjustment, a spend
   * threshold. The subscription stays what it is.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onAgreementNotice('CancellationRequests', {
   *   eventPattern: { detail: { notice: events.Match.prefix('CANCELLATION_REQUEST_') } },
   *   target: new targets.SnsTopic(topic),
   * });
   */
  public onAgreementNotice(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.AGREEMENT_NOTICE, options);
  }

  /**
   * By the terms of its agreement, an active subscription is a free trial. Known some 15 minutes after the activation.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onFreeTrialStarted('Trial', { target: new targets.SnsTopic(topic) });
   */
  public onFreeTrialStarted(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.FREE_TRIAL_STARTED, options);
  }

  /**
   * The buyer stays after the free trial, and pays. Sent an hour after the end of the trial, or at a renewal before it.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onFreeTrialConverted('Trial', { target: new targets.SnsTopic(topic) });
   */
  public onFreeTrialConverted(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.FREE_TRIAL_CONVERTED, options);
  }

  /**
   * The subscription ended with its free trial, or before the end of the trial.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @example
   * marketplace.onFreeTrialLapsed('Trial', { target: new targets.SnsTopic(topic) });
   */
  public onFreeTrialLapsed(id: string, options: DomainEventOptions = {}): events.Rule {
    return this.onDomainEvent(id, DetailType.FREE_TRIAL_LAPSED, options);
  }

  /**
   * Usage will not be billed; the detail has the reason.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @throws Error for a product whose usage is not metered, whose rule would never match
   * @example
   * marketplace.onUsageRejected('Rejected', { target: new targets.SnsTopic(topic) });
   */
  public onUsageRejected(id: string, options: DomainEventOptions = {}): events.Rule {
    this._requireMetering('onUsageRejected');
    return this.onDomainEvent(id, DetailType.USAGE_REJECTED, options);
  }

  /**
   * It is unknown whether AWS took an hour of usage; a person settles it from CloudTrail.
   *
   * @param id id of the rule
   * @param options target, further event pattern, and so on; events that a function fails to process are kept, with an alarm
   * @throws Error for a product whose usage is not metered, whose rule would never match
   * @example
   * marketplace.onUsageUnresolved('Unresolved', { target: new targets.SnsTopic(topic) });
   */
  public onUsageUnresolved(id: string, options: DomainEventOptions = {}): events.Rule {
    this._requireMetering('onUsageUnresolved');
    return this.onDomainEvent(id, DetailType.USAGE_UNRESOLVED, options);
  }

  /**
   * @internal
   * @param member what needs it
   * @throws Error for a product whose usage is not metered
   */
  protected _requireMetering(member: string): void {
    if (!hasMetering(this._product)) {
      throw new Error(`MarketplaceSaas: ${member}: a product with SaasPricingModel.${this._product.pricingModel} meters no usage, so it has none of this (${this.node.path})`);
    }
  }

  /**
   * @internal
   * @param member what needs it
   * @throws Error for a pricing model without entitlements
   */
  protected _requireEntitlements(member: string): void {
    if (!hasEntitlements(this._product)) {
      throw new Error(`MarketplaceSaas: ${member}: a product with SaasPricingModel.${this._product.pricingModel} has no entitlements; contracts have them (${this.node.path})`);
    }
  }

  private onDomainEvent(id: string, detailType: string, { target, keepFailedEvents = true, ...options }: DomainEventOptions): events.Rule {
    const rule = new events.Rule(this.rules(), id, { ...options, eventBus: this.eventBus });
    rule.addEventPattern(domainEventPattern(this._product.productCode, detailType));
    rule.addTarget(target && keepFailedEvents ? this._failedEvents.keep(target) : target);
    return rule;
  }

  /** A scope of their own keeps the ids that users choose apart from the ids of this construct. */
  private rules(): Construct {
    return this.node.tryFindChild('On') as Construct ?? new Construct(this, 'On');
  }
}
