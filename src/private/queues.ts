import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './nag';

export interface QueueProps {
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** The longest time that SQS keeps a message. */
const RETENTION = Duration.days(14);

/**
 * Tries before a message moves to the dead-letter queue. Handlers retry transient failures themselves, so this covers an
 * outage of DynamoDB or EventBridge of half an hour and more.
 */
const MAX_RECEIVES = 10;

export function createDeadLetterQueue(scope: Construct, id: string, props: QueueProps): sqs.Queue {
  const queue = new sqs.Queue(scope, id, { ...common(props), retentionPeriod: RETENTION });
  // EventBridge itself writes events there that it cannot deliver.
  props.encryptionKey?.grant(new iam.ServicePrincipal('events.amazonaws.com'), 'kms:Decrypt', 'kms:GenerateDataKey');
  acknowledge(queue, { 'AwsSolutions-SQS3': 'This is a dead-letter queue.' });
  return queue;
}

/** A queue that a function reads. Messages stay invisible for six times the function's timeout, as AWS advises. */
export function createWorkQueue(
  scope: Construct, id: string, deadLetters: sqs.IQueue, functionTimeout: Duration, props: QueueProps,
): sqs.Queue {
  return new sqs.Queue(scope, id, {
    ...common(props),
    retentionPeriod: RETENTION,
    visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVES },
  });
}

/** RETAIN without the orphans of a deployment that failed when it created the resource: nothing of value is in it then. */
export function retainedUnlessNew(removalPolicy: RemovalPolicy): RemovalPolicy {
  return removalPolicy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : removalPolicy;
}

function common(props: QueueProps): sqs.QueueProps {
  return {
    enforceSSL: true,
    removalPolicy: retainedUnlessNew(props.removalPolicy),
    ...props.encryptionKey
      ? { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: props.encryptionKey, dataKeyReuse: Duration.minutes(5) }
      : { encryption: sqs.QueueEncryption.SQS_MANAGED },
  };
}
