import type { TopicModel } from '../../model';
import { tailOf, uuidOf } from '../names';
import type { Resource } from '../resource';
import type { Handlers } from '../resource-handler';
import type { Value } from '../value';

const TOPIC = 'AWS::SNS::Topic';
const SUBSCRIPTION = 'AWS::SNS::Subscription';

type Subscription = TopicModel['subscriptions'][number];

export const snsHandlers: Handlers = {
  [TOPIC]: {
    reference: topicArn,
    attributes: {
      TopicArn: topicArn,
      TopicName: topicName,
    },
    build: (resource, draft) => {
      const inline = resource.get('Subscription').list().map((entry) => subscription((name) => entry.get(name)));
      draft.topics.push({
        ...resource.origin(),
        name: topicName(resource),
        arn: topicArn(resource),
        subscriptions: [...inline, ...subscriptionsOf(resource, topicArn(resource))],
      });
    },
  },
  [SUBSCRIPTION]: {
    reference: (resource) => `${resource.get('TopicArn').string()}:${uuidOf(resource.digest(32))}`,
    attributes: { Arn: (resource) => `${resource.get('TopicArn').string()}:${uuidOf(resource.digest(32))}` },
    build: (resource, draft) => {
      const arn = resource.get('TopicArn').string();
      const created = resource.stack.deployment.all(TOPIC).some((topic) => topicArn(topic) === arn);
      if (!created && !draft.topics.some((topic) => topic.arn === arn)) {
        // A topic of someone else: AWS Marketplace's own, for one.
        draft.topics.push({ ...resource.origin(), name: tailOf(arn), arn, subscriptions: subscriptionsOf(resource, arn) });
      }
    },
  },
  'AWS::SNS::TopicPolicy': {},
  'AWS::SNS::TopicInlinePolicy': {},
};

function subscriptionsOf(resource: Resource, arn: string): Subscription[] {
  return resource.stack.deployment.all(SUBSCRIPTION)
    .filter((candidate) => candidate.get('TopicArn').string() === arn)
    .map((candidate) => subscription((name) => candidate.get(name)));
}

function subscription(property: (name: string) => Value): Subscription {
  const filter = property('FilterPolicy');
  return {
    protocol: property('Protocol').string(),
    endpoint: property('Endpoint').string(),
    rawMessageDelivery: property('RawMessageDelivery').boolean(false),
    ...(filter.exists && { filterPolicy: filter.record(), filterPolicyScope: property('FilterPolicyScope').string('MessageAttributes') }),
  };
}

function topicName(resource: Resource): string {
  const suffix = resource.get('FifoTopic').boolean(false) ? '.fifo' : '';
  return resource.get('TopicName').string(resource.generatedName(256 - suffix.length) + suffix);
}

function topicArn(resource: Resource): string {
  return resource.arn('sns', topicName(resource));
}
