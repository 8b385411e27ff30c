import type { Resource, ResourceTypes } from '../../template';

export const SQS_TYPES: ResourceTypes = {
  'AWS::SQS::Queue': {
    reference: queueUrl,
    attributes: {
      Arn: queueArn,
      QueueName: queueName,
      QueueUrl: queueUrl,
    },
    build: (resource, model) => {
      const redrive = resource.get('RedrivePolicy');
      model.queues.push({
        ...resource.origin(),
        name: queueName(resource),
        arn: queueArn(resource),
        url: queueUrl(resource),
        fifo: isFifo(resource),
        visibilityTimeoutSeconds: resource.get('VisibilityTimeout').number(30),
        delaySeconds: resource.get('DelaySeconds').number(0),
        retentionSeconds: resource.get('MessageRetentionPeriod').number(345_600),
        contentBasedDeduplication: resource.get('ContentBasedDeduplication').boolean(false),
        ...(redrive.exists && {
          redrive: {
            deadLetterTargetArn: redrive.get('deadLetterTargetArn').string(),
            maxReceiveCount: redrive.get('maxReceiveCount').number(),
          },
        }),
      });
    },
  },
  'AWS::SQS::QueuePolicy': {},
  'AWS::SQS::QueueInlinePolicy': {},
};

function isFifo(resource: Resource): boolean {
  return resource.get('FifoQueue').boolean(false);
}

function queueName(resource: Resource): string {
  const suffix = isFifo(resource) ? '.fifo' : '';
  return resource.get('QueueName').string(resource.generatedName(80 - suffix.length) + suffix);
}

function queueArn(resource: Resource): string {
  return resource.arn('sqs', queueName(resource));
}

function queueUrl(resource: Resource): string {
  return `${resource.stack.deployment.endpoint}/${resource.stack.account}/${queueName(resource)}`;
}
