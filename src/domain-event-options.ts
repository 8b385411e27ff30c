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
   * Whether events that do not reach your app are kept for 14 days in a dead-letter queue with an alarm. A function has one queue,
   * whatever the number of its rules: for events that EventBridge cannot deliver, and for those that the function fails to process
   * three times. A target of another kind has one queue for each rule: for events that EventBridge cannot deliver for a day. What such a
   * target fails to process afterwards, the consumer of an SQS queue say, is for the target to keep. A destination or dead-letter queue that
   * the function or the target already has stays as it is.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
   * @default true
   */
  readonly keepFailedEvents?: boolean;
}
