import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { integrate, newApp, newStack, PRODUCT_CODE, resources } from './fixtures';
import { Dimension, MarketplaceSaasIntegration, SaasPricingModel } from '../../src';
import { DetailType } from '../../src/names';

type OnEvent = (integration: MarketplaceSaasIntegration, id: string, options?: events.OnEventOptions) => events.Rule;

const CONTRACT = { pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] };

const ON: Array<[string, OnEvent]> = [
  ['Buyer Registered', (integration, id, options) => integration.onBuyerRegistered(id, options)],
  ['Buyer Email Entered', (integration, id, options) => integration.onBuyerEmailEntered(id, options)],
  ['Buyer Email Confirmed', (integration, id, options) => integration.onBuyerEmailConfirmed(id, options)],
  ['Subscription Activated', (integration, id, options) => integration.onSubscriptionActivated(id, options)],
  ['Subscription Updated', (integration, id, options) => integration.onSubscriptionUpdated(id, options)],
  ['Entitlement Changed', (integration, id, options) => integration.onEntitlementChanged(id, options)],
  ['Subscription Ending', (integration, id, options) => integration.onSubscriptionEnding(id, options)],
  ['Subscription Ended', (integration, id, options) => integration.onSubscriptionEnded(id, options)],
  ['Advisory Issued', (integration, id, options) => integration.onAdvisoryIssued(id, options)],
  ['Advisory Resolved', (integration, id, options) => integration.onAdvisoryResolved(id, options)],
  ['Agreement Notice', (integration, id, options) => integration.onAgreementNotice(id, options)],
  ['Free Trial Started', (integration, id, options) => integration.onFreeTrialStarted(id, options)],
  ['Free Trial Converted', (integration, id, options) => integration.onFreeTrialConverted(id, options)],
  ['Free Trial Lapsed', (integration, id, options) => integration.onFreeTrialLapsed(id, options)],
  ['Usage Rejected', (integration, id, options) => integration.onUsageRejected(id, options)],
  ['Usage Unresolved', (integration, id, options) => integration.onUsageUnresolved(id, options)],
];

test('every domain event has a method', () => {
  expect(ON.map(([detailType]) => detailType).sort()).toEqual(Object.values(DetailType).sort());
});

test.each(ON)('the event %s reaches a target of the app', (detailType, on) => {
  const { integration, stack, template } = integrate(detailType === 'Entitlement Changed' ? CONTRACT : {});
  const queue = new sqs.Queue(stack, 'App');
  on(integration, 'Rule', { target: new targets.SqsQueue(queue), description: 'mine' });
  template().hasResourceProperties('AWS::Events::Rule', {
    Description: 'mine',
    EventBusName: stack.resolve(integration.eventBus.eventBusName),
    EventPattern: { 'source': ['marketplace-saas'], 'detail-type': [detailType], 'detail': { productCode: [PRODUCT_CODE] } },
    Targets: [Match.objectLike({ Arn: stack.resolve(queue.queueArn) })],
  });
});

test('a pattern of the app is added to that of the event', () => {
  const { integration, template } = integrate();
  integration.onAdvisoryIssued('Rule', { eventPattern: { detail: { licenseId: ['l-1'] } } });
  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'detail-type': ['Advisory Issued'], 'detail': { productCode: [PRODUCT_CODE], licenseId: ['l-1'] } },
  });
});

test('an id that the app chooses does not collide with one of the integration', () => {
  const { integration } = integrate();
  expect(() => ['Metering', 'Registration', 'EventBus', 'UsageTable', 'Alarms'].forEach((id) => integration.onUsageRejected(id))).not.toThrow();
});

test('crossStackScope puts the rule into the stack of its target', () => {
  const app = newApp();
  const { integration, stack } = integrate({}, new Stack(app, 'Saas'));
  const consumer = new Stack(app, 'Consumer');
  const target = new targets.SqsQueue(new sqs.Queue(consumer, 'Queue'));
  const before = resources(Template.fromStack(integrate().stack), 'AWS::Events::Rule').length;
  integration.onSubscriptionActivated('Provision', { target, crossStackScope: consumer });
  Template.fromStack(consumer).resourceCountIs('AWS::Events::Rule', 1);
  Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', before);
});

test('the integration publishes to a bus of the app', () => {
  const stack = newStack();
  const eventBus = new events.EventBus(stack, 'Bus');
  const { integration, template } = integrate({ eventBus }, stack);
  expect(integration.eventBus).toBe(eventBus);
  const synthesized = template();
  synthesized.resourceCountIs('AWS::Events::EventBus', 1);
  const name = stack.resolve(eventBus.eventBusName);
  synthesized.resourcePropertiesCountIs('AWS::Lambda::Function', { Environment: { Variables: { EVENT_BUS_NAME: name } } }, 5);
  synthesized.hasResourceProperties('AWS::Events::Rule', { EventBusName: name, EventPattern: { 'detail-type': ['Subscription Ending'] } });
});
