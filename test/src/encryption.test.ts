import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { integrate, newStack, resources } from './fixtures';

const stack = newStack();
const encryptionKey = new kms.Key(stack, 'Key');
const { template: synth } = integrate({ encryptionKey }, stack);
const template = synth();
const keyArn = stack.resolve(encryptionKey.keyArn);
const [[, key]] = resources(template, 'AWS::KMS::Key');
const admitted = (service: string) => key.Properties.KeyPolicy.Statement.filter(({ Principal }: any) => JSON.stringify(Principal.Service ?? '').includes(service));

test('all log groups and the event bus are encrypted with the customer key', () => {
  const groups = resources(template, 'AWS::Logs::LogGroup');
  expect(groups).toHaveLength(6);
  expect(groups.map(([, { Properties }]) => Properties.KmsKeyId)).toEqual(Array(6).fill(keyArn));
  expect(resources(template, 'AWS::Events::EventBus')[0][1].Properties.KmsKeyIdentifier).toEqual(keyArn);
});

test('the key lets CloudWatch Logs use it for log groups of this account and region only', () => {
  expect(admitted('logs.')).toEqual([expect.objectContaining({
    Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', expect.arrayContaining([':log-group:*'])] } } },
  })]);
});

test('the key lets EventBridge use it for the event bus', () => {
  expect(admitted('events.')).toContainEqual(expect.objectContaining({
    Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    Condition: { StringEquals: expect.objectContaining({ 'kms:EncryptionContext:aws:events:event-bus:arn': expect.anything() }) },
  }));
});

test('a bus of the app keeps the encryption that it has', () => {
  const own = newStack();
  const eventBus = new events.EventBus(own, 'Bus');
  const buses = resources(integrate({ eventBus, encryptionKey: new kms.Key(own, 'Key') }, own).template(), 'AWS::Events::EventBus');
  expect(buses.map(([, { Properties }]) => Properties.KmsKeyIdentifier)).toEqual([undefined]);
});
