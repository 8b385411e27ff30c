import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/**
 * What alarms do when they change their state.
 *
 * @example
 * declare const pager: sns.Topic;
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   alarmActions: [new actions.SnsAction(topic)],
 *   criticalAlarmActions: [new actions.SnsAction(pager)],
 *   criticalOkActions: [new actions.SnsAction(pager)],
 * });
 */
export interface AlarmActionOptions {
  /**
   * Actions of all alarms that go off, such as a message to a topic.
   *
   * @default - alarms only change their state
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * Actions of all alarms that return to OK.
   *
   * @default - none
   */
  readonly okActions?: cloudwatch.IAlarmAction[];

  /**
   * Actions of alarms of `AlarmSeverity.CRITICAL` that go off, in place of `alarmActions`.
   *
   * @default - those of `alarmActions`
   */
  readonly criticalAlarmActions?: cloudwatch.IAlarmAction[];

  /**
   * Actions of alarms of `AlarmSeverity.CRITICAL` that return to OK, in place of `okActions`.
   *
   * @default - those of `okActions`
   */
  readonly criticalOkActions?: cloudwatch.IAlarmAction[];
}
