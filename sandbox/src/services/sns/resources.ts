import { compileFilterPolicy, FILTER_SCOPES } from './filter-policy';
import type { SubscriptionModel } from './model';
import { nameOf } from '../../arn';
import { uuidOf } from '../../ids';
import type { Resource, ResourceTypes, Value } from '../../template';

const TOPIC = 'AWS::SNS::Topic';
const SUBSCRIPTION = 'AWS::SNS::Subscription';

export const SNS_TYPES: ResourceTypes = {
  [TOPIC]: {
    reference: topicArn,
    attributes: {
      TopicArn: topicArn,
      TopicName: topicName,
    },
    build: (resource, model) => {
      const inline = resource.get('Subscription').list().map((entry) => subscription((name) => entry.get(name)));
      model.topics.push({
        ...resource.origin(),
        name: topicName(resource),
        arn: topicArn(resource),
        ...isFifo(resource) && { fifo: true, contentBasedDeduplication: resource.get('ContentBasedDeduplication').boolean(false) },
        subscriptions: [...inline, ...subscriptionsOf(resource, topicArn(resource))],
      });
    },
  },
  [SUBSCRIPTION]: {
    reference: (resource) => `${resource.get('TopicArn').string()}:${uuidOf(resource.digest(32))}`,
    attributes: { Arn: (resource) => `${resource.get('TopicArn').string()}:${uuidOf(resource.digest(32))}` },
    build: (resource, model) => {
      const arn = resource.get('TopicArn').string();
      const created = resource.stack.deployment.all(TOPIC).some((topic) => topicArn(topic) === arn);
      if (!created && !model.topics.some((topic) => topic.arn === arn)) {
        // A topic of someone else: AWS Marketplace's own, for one.
        model.topics.push({ ...resource.origin(), name: nameOf(arn), arn, subscriptions: subscriptionsOf(resource, arn) });
      }
    },
  },
  'AWS::SNS::TopicPolicy': {},
  'AWS::SNS::TopicInlinePolicy': {},
};

function subscriptionsOf(resource: Resource, arn: string): SubscriptionModel[] {
  return resource.stack.deployment.all(SUBSCRIPTION)
    .filter((candidate) => candidate.get('TopicArn').string() === arn)
    .map((candidate) => subscription((name) => candidate.get(name)));
}

function subscription(property: (name: string) => Value): SubscriptionModel {
  const deadLetterArn = property('RedrivePolicy').get('deadLetterTargetArn').optionalString();
  return {
    protocol: property('Protocol').string(),
    endpoint: property('Endpoint').string(),
    rawMessageDelivery: property('RawMessageDelivery').boolean(false),
    ...filter(property),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}

function filter(property: (name: string) => Value): Pick<SubscriptionModel, 'filterPolicy' | 'filterPolicyScope'> {
  const policy = property('FilterPolicy');
  if (!policy.exists) {
    return {};
  }
  const scope = property('FilterPolicyScope');
  const filterPolicyScope = scope.exists ? scope.oneOf(FILTER_SCOPES) : 'MessageAttributes';
  const filterPolicy = policy.record();
  try {
    compileFilterPolicy(filterPolicy, filterPolicyScope);
  } catch (error) {
    policy.place.fail(`${error instanceof Error ? error.message : String(error)}.`);
  }
  return { filterPolicy, filterPolicyScope };
}

function isFifo(resource: Resource): boolean {
  return resource.get('FifoTopic').boolean(false);
}

function topicName(resource: Resource): string {
  const suffix = isFifo(resource) ? '.fifo' : '';
  return resource.get('TopicName').string(resource.generatedName(256 - suffix.length) + suffix);
}

function topicArn(resource: Resource): string {
  return resource.arn('sns', topicName(resource));
}
