import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { integrate, newApp, resources } from './fixtures';

function newFunction(stack: Stack, props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(stack, 'Provision', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('//'), ...props,
  });
}

const queues = (template: Template) => resources(template, 'AWS::SQS::Queue').map(([id]) => id).filter((id) => id.startsWith('Provision'));
const alarms = (template: Template) =>
  resources(template, 'AWS::CloudWatch::Alarm').filter(([, { Properties }]) => Properties.AlarmDescription.endsWith('#failed-events'));
const ruleTarget = (template: Template) => resources(template, 'AWS::Events::Rule')
  .filter(([, { Properties }]) => Properties.EventPattern?.['detail-type']?.[0] === 'Subscription Activated').map(([, { Properties }]) => Properties.Targets[0]);
const destination = (template: Template) => resources(template, 'AWS::Lambda::EventInvokeConfig')
  .filter(([id]) => id.startsWith('Provision')).map(([, { Properties }]) => Properties.DestinationConfig.OnFailure.Destination);

test('events that a function fails to process, or cannot receive, are kept in a queue with an alarm', () => {
  const { integration, stack, template: synth } = integrate();
  const before = integration.alarms.length;
  const fn = newFunction(stack);
  integration.onSubscriptionActivated('OnActivated', { target: new targets.LambdaFunction(fn) });
  const template = synth();
  const [queue] = queues(template);
  const arn = { 'Fn::GetAtt': [queue, 'Arn'] };
  expect(destination(template)).toEqual([arn]);
  expect(ruleTarget(template)).toEqual([expect.objectContaining({ DeadLetterConfig: { Arn: arn } })]);
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    Queues: [{ Ref: queue }],
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' })]) },
  });
  expect(alarms(template)).toHaveLength(1);
  expect(integration.alarms).toHaveLength(before + 1);
  template.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 24 * 3600 });
});

test('one function has one queue and one alarm, however many rules it is the target of', () => {
  const { integration, stack, template } = integrate();
  const fn = newFunction(stack);
  integration.onSubscriptionActivated('OnActivated', { target: new targets.LambdaFunction(fn) });
  integration.onSubscriptionEnded('OnEnded', { target: new targets.LambdaFunction(fn) });
  expect([queues(template()).length, alarms(template()).length]).toEqual([1, 1]);
});

test('an app can choose that failed events are not kept', () => {
  const { integration, stack, template } = integrate();
  integration.onSubscriptionActivated('OnActivated', { target: new targets.LambdaFunction(newFunction(stack)), keepFailedEvents: false });
  expect([queues(template()), destination(template()), ruleTarget(template())[0].DeadLetterConfig]).toEqual([[], [], undefined]);
});

test('a target with queues of its own, and a function with a destination of its own, keep them', () => {
  const { integration, stack, template: synth } = integrate();
  const own = new sqs.Queue(stack, 'Own');
  const fn = newFunction(stack, { onFailure: new destinations.SqsDestination(own) });
  integration.onSubscriptionActivated('OnActivated', { target: new targets.LambdaFunction(fn, { deadLetterQueue: own }) });
  const template = synth();
  const arn = stack.resolve(own.queueArn);
  expect([queues(template), destination(template), ruleTarget(template)[0].DeadLetterConfig.Arn]).toEqual([[], [arn], arn]);
});

test('a function with a dead-letter queue of its own gets one for what cannot be delivered to it only', () => {
  const { integration, stack, template: synth } = integrate();
  integration.onSubscriptionActivated('OnActivated', { target: new targets.LambdaFunction(newFunction(stack, { deadLetterQueueEnabled: true })) });
  const template = synth();
  expect(destination(template)).toEqual([]);
  expect(ruleTarget(template)[0].DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [expect.stringContaining('MarketplaceFailedEvents'), 'Arn'] } });
});

test('events that cannot be delivered to a target that is no function are kept in a queue with an alarm, one for each rule', () => {
  const { integration, stack, template: synth } = integrate();
  const app = new sqs.Queue(stack, 'App');
  integration.onSubscriptionActivated('OnActivated', { target: new targets.SqsQueue(app) });
  integration.onSubscriptionEnded('OnEnded', { target: new targets.SnsTopic(new sns.Topic(stack, 'Topic')) });
  const template = synth();
  const [{ DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue] } } }] = ruleTarget(template);
  expect(queue).toMatch(/OnActivatedMarketplaceFailedEvents/);
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    Queues: [{ Ref: queue }],
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' })]) },
  });
  expect(alarms(template)).toHaveLength(2);
});

test('a target that is no function keeps the dead-letter queue that it has, and none is made if the app says so', () => {
  const { integration, stack, template: synth } = integrate();
  const own = new sqs.Queue(stack, 'Own');
  const app = new sqs.Queue(stack, 'App');
  integration.onSubscriptionActivated('OnActivated', { target: new targets.SqsQueue(app, { deadLetterQueue: own }) });
  integration.onSubscriptionActivated('Unkept', { target: new targets.SqsQueue(app), keepFailedEvents: false });
  const template = synth();
  expect(ruleTarget(template).map(({ DeadLetterConfig }) => DeadLetterConfig)).toEqual([{ Arn: stack.resolve(own.queueArn) }, undefined]);
  expect(alarms(template)).toEqual([]);
});

test('an imported function, whose role is not known, is warned about', () => {
  const { integration, stack } = integrate();
  const fn = lambda.Function.fromFunctionArn(stack, 'Imported', 'arn:aws:lambda:us-east-1:111122223333:function:provision');
  integration.onSubscriptionActivated('OnActivated', { target: new targets.LambdaFunction(fn) });
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('imported without its role'));
});

/** An app of two stacks: the function reads what the integration has, which CDK makes a dependency of its stack. */
function twoStacks(choose: (consumer: Stack) => object): App {
  const app = newApp();
  const { integration } = integrate({}, new Stack(app, 'Saas'));
  const consumer = new Stack(app, 'Consumer');
  const fn = newFunction(consumer);
  fn.addEnvironment('USAGE_QUEUE_URL', integration.usageQueue.queueUrl);
  integration.grantReportUsage(fn);
  integration.onSubscriptionActivated('OnActivated', { target: new targets.LambdaFunction(fn), ...choose(consumer) });
  return app;
}

test('an app in two stacks synthesizes when the rule is in the stack of its target', () => {
  const assembly = twoStacks((consumer) => ({ crossStackScope: consumer })).synth();
  const template = Template.fromJSON(assembly.getStackByName('Consumer').template);
  expect([queues(template).length, alarms(template).length, ruleTarget(template).length]).toEqual([1, 1, 1]);
  expect(assembly.getStackByName('Saas').dependencies.map(({ id }) => id)).not.toContain('Consumer');
});

test('an app in two stacks is refused as cyclic when its rule stays in the stack of the integration', () => {
  expect(() => twoStacks(() => ({})).synth()).toThrow(/cyclic reference|circular dependency|depends on/i);
});
