import { FaultEffect } from './fault';

const SENDING = {
  sqs: ['SendMessage', 'SendMessageBatch'],
  sns: ['Publish', 'PublishBatch'],
  events: ['PutEvents'],
};

/** Operations whose message or event can be lost, doubled or delayed, which other operations of these services have none of. */
export const STRUCK: Readonly<Record<string, Readonly<Partial<Record<FaultEffect, readonly string[]>>>>> = {
  // A batch on its way to a function counts as ReceiveMessage.
  sqs: { drop: [...SENDING.sqs, 'ReceiveMessage'], duplicate: [...SENDING.sqs, 'ReceiveMessage'], delay: SENDING.sqs },
  sns: { drop: SENDING.sns, duplicate: SENDING.sns, delay: SENDING.sns },
  events: { drop: SENDING.events, duplicate: SENDING.events, delay: SENDING.events },
  lambda: { delay: [] },
};

/** Operations there are, of the services of which the sandbox knows them all. */
export const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  metering: ['BatchMeterUsage', 'MeterUsage', 'RegisterUsage', 'ResolveCustomer'],
  entitlement: ['GetEntitlements'],
  dynamodb: [
    'BatchExecuteStatement', 'BatchGetItem', 'BatchWriteItem', 'CreateTable', 'DeleteItem', 'DeleteTable', 'DescribeEndpoints', 'DescribeTable',
    'DescribeTimeToLive', 'ExecuteStatement', 'ExecuteTransaction', 'GetItem', 'ListTables', 'ListTagsOfResource', 'PutItem', 'Query', 'Scan', 'TagResource',
    'TransactGetItems', 'TransactWriteItems', 'UntagResource', 'UpdateItem', 'UpdateTable', 'UpdateTimeToLive',
  ],
  sqs: [
    ...SENDING.sqs, 'CancelMessageMoveTask', 'ChangeMessageVisibility', 'ChangeMessageVisibilityBatch', 'CreateQueue', 'DeleteMessage', 'DeleteMessageBatch',
    'DeleteQueue', 'GetQueueAttributes', 'GetQueueUrl', 'ListMessageMoveTasks', 'ListQueues', 'ListQueueTags', 'PurgeQueue', 'ReceiveMessage',
    'SetQueueAttributes', 'StartMessageMoveTask', 'TagQueue', 'UntagQueue',
  ],
  sns: [
    ...SENDING.sns, 'ConfirmSubscription', 'CreateTopic', 'DeleteTopic', 'GetSubscriptionAttributes', 'GetTopicAttributes', 'ListSubscriptions',
    'ListSubscriptionsByTopic', 'ListTagsForResource', 'ListTopics', 'SetSubscriptionAttributes', 'SetTopicAttributes', 'Subscribe', 'TagResource',
    'Unsubscribe', 'UntagResource',
  ],
  events: SENDING.events,
  lambda: ['Invoke'],
  sts: ['AssumeRole', 'GetCallerIdentity'],
};
