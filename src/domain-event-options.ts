import * as events from 'aws-cdk-lib/aws-events';

/**
 * What a rule for domain events does.
 *
 * @example
 * // The app has two stacks: the rule belongs to that of its target.
 * marketplace.onSubscriptionActivated('OnActivated', { target: new targets.LambdaFunction(provision), crossStackScope: this });
 */
export interface DomainEventOptions extends events.OnEventOptions {
  /**
   * Whether events that a function failed to process are kept for 14 days in a dead-letter queue with an alarm, one queue for
   * each function: EventBridge delivers an event to a function once, and Lambda tries it three times. A destination or
   * dead-letter queue that the function or the target already has stays as it is. Targets of other kinds are not changed: give
   * those a `deadLetterQueue`.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   * @default true
   */
  readonly keepFailedEvents?: boolean;
}
