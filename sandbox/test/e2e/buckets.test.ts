import { CopyObjectCommand, DeleteObjectCommand, DeleteObjectsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { assemblyOf, att, fn, handler, queue, ref, rule, start } from './app';
import { awsConfig, notes, receive } from './clients';

const APP = () => assemblyOf(
  queue('Changes'),
  fn('Reader', { code: handler('await note(event.Records[0].eventName + " " + event.Records[0].s3.object.key, event.Records[0].s3);') }),
  fn('Cdk', { code: handler('await note("cdk", event.Records[0].s3.object.key);') }),
  fn('Listener', { code: handler('await note(event["detail-type"] + " " + event.detail.object.key, event.detail.reason);') }),
  rule('Rule', { EventPattern: { source: ['aws.s3'] } }, { Arn: att('Listener') }),
  {
    Files: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: 'files',
        NotificationConfiguration: {
          LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: att('Reader'), Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: '.json' }] } } }],
          QueueConfigurations: [{ Event: 's3:ObjectRemoved:*', Queue: att('Changes') }],
          EventBridgeConfiguration: { EventBridgeEnabled: true },
        },
      },
    },
    // What the CDK makes of `bucket.addEventNotification`, with the function that serves it.
    Notifications: {
      Type: 'Custom::S3BucketNotifications',
      Properties: {
        ServiceToken: att('Handler'),
        BucketName: ref('Files'),
        Managed: true,
        NotificationConfiguration: {
          LambdaFunctionConfigurations: [{
            Events: ['s3:ObjectCreated:Put'], LambdaFunctionArn: att('Cdk'), Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'in/' }] } },
          }],
        },
      },
    },
    Handler: {
      Type: 'AWS::Lambda::Function',
      Properties: { Code: { ZipFile: 'import boto3' }, Handler: 'index.handler', Runtime: 'python3.13', Role: 'arn:aws:iam::000000000000:role/r' },
    },
  },
);

test('changes of objects reach functions, queues and the event bus, as the bucket or the CDK says', async () => {
  const sandbox = await start(APP());
  const s3 = new S3Client({ ...awsConfig(sandbox), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'in/a b.json', Body: '{}' }));
  await s3.send(new CopyObjectCommand({ Bucket: 'files', Key: 'copy.json', CopySource: 'files/in/a%20b.json' }));
  await s3.send(new DeleteObjectCommand({ Bucket: 'files', Key: 'copy.json' }));
  await s3.send(new DeleteObjectsCommand({ Bucket: 'files', Delete: { Objects: [{ Key: 'in/a b.json' }, { Key: 'never' }] } }));
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({
    'ObjectCreated:Put in/a+b.json': expect.objectContaining({
      bucket: { name: 'files', ownerIdentity: { principalId: 'SANDBOX' }, arn: 'arn:aws:s3:::files' },
      object: { key: 'in/a+b.json', size: 2, eTag: '99914b932bd37a50b983c5e7c90ae93b', sequencer: '000000000000000001' },
    }),
    'ObjectCreated:Copy copy.json': expect.anything(),
    'cdk': 'in/a+b.json',
    'Object Created in/a b.json': 'PutObject',
    'Object Created copy.json': 'CopyObject',
    'Object Deleted copy.json': 'DeleteObject',
    'Object Deleted in/a b.json': 'DeleteObject',
  });
  const removed = (await receive(sandbox, 'Changes')).map((body) => JSON.parse(body).Records[0].s3.object.key);
  expect(removed).toEqual(['copy.json', 'in/a+b.json']);
});

test('a FIFO topic delivers in its groups, and a message once in five minutes', async () => {
  const sandbox = await start(assemblyOf({
    Orders: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders.fifo', FifoQueue: true } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news.fifo', FifoTopic: true, ContentBasedDeduplication: true } },
    ToOrders: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: ref('Topic'), Protocol: 'sqs', Endpoint: att('Orders'), RawMessageDelivery: true } },
  }));
  const publish = (Message: string, options: object = { MessageGroupId: 'a' }) => new SNSClient(awsConfig(sandbox))
    .send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:news.fifo', Message, ...options }));
  const [first, again] = [await publish('1'), await publish('1')];
  expect([again.MessageId, again.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
  const { SequenceNumber } = await publish('2', { MessageGroupId: 'b', MessageDeduplicationId: 'x' });
  expect(SequenceNumber).toMatch(/^\d{20}$/);
  expect(SequenceNumber! > first.SequenceNumber!).toBe(true);
  await expect(publish('3', {})).rejects.toMatchObject({ name: expect.stringContaining('InvalidParameter') });
  expect(await receive(sandbox, 'orders.fifo')).toEqual(['1', '2']);
});
