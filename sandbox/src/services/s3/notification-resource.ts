import type { NotificationModel } from './model';
import { withoutQualifier } from '../../arn';
import type { Resource, Value } from '../../template';

/** With which the CDK sets the notifications of a bucket. */
export const BUCKET_NOTIFICATIONS = 'Custom::S3BucketNotifications';

/** Events that happen in the sandbox. */
const KNOWN_EVENTS = /^s3:Object(Created|Removed):/;

/** Kinds of targets: their list, its events and ARN in a template, the same in the CDK's custom resource. */
const TARGETS = [
  ['LambdaConfigurations', 'Function', 'LambdaFunctionConfigurations', 'LambdaFunctionArn'],
  ['QueueConfigurations', 'Queue', 'QueueConfigurations', 'QueueArn'],
  ['TopicConfigurations', 'Topic', 'TopicConfigurations', 'TopicArn'],
] as const;

export interface BucketNotifications {
  readonly notifications: readonly NotificationModel[];
  /** Every event goes to the default event bus too. */
  readonly toEventBridge: boolean;
}

/** Who wants to know what happens to the objects of a bucket, by its own properties or by the CDK's custom resource. */
export function notificationsOf(bucket: Resource, name: string): BucketNotifications {
  const own = bucket.get('NotificationConfiguration');
  const custom = bucket.stack.deployment.all(BUCKET_NOTIFICATIONS)
    .filter((resource) => resource.get('BucketName').string() === name).map((resource) => resource.get('NotificationConfiguration'));
  const notifications = TARGETS.flatMap(([list, target, customList, customTarget]) => [
    ...own.get(list).list().map((entry) => notification(bucket, entry.get(target), [entry.get('Event').string()], entry.get('Filter').get('S3Key').get('Rules'))),
    ...custom.flatMap((configuration) => configuration.get(customList).list())
      .map((entry) => notification(bucket, entry.get(customTarget), entry.get('Events').strings(), entry.get('Filter').get('Key').get('FilterRules'))),
  ]);
  const eventBridge = own.get('EventBridgeConfiguration');
  return {
    notifications,
    toEventBridge: (eventBridge.exists && eventBridge.get('EventBridgeEnabled').boolean(true)) || custom.some((entry) => entry.get('EventBridgeConfiguration').exists),
  };
}

function notification(bucket: Resource, target: Value, events: readonly string[], rules: Value): NotificationModel {
  for (const event of events.filter((candidate) => !KNOWN_EVENTS.test(candidate))) {
    bucket.unsupported(`bucket notifications of ${event}`);
  }
  const rule = (wanted: string) => rules.list().find((entry) => entry.get('Name').string().toLowerCase() === wanted)?.get('Value').string() ?? '';
  return { arn: withoutQualifier(target.string()), events, prefix: rule('prefix'), suffix: rule('suffix') };
}
