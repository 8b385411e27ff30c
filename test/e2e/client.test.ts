import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { claimRegistration, Entitlements, isDomainEvent, reportUsage, type UsageRecord } from '../../client';
import { Dimension, Registration, SaasPricingModel } from '../../src';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

/** A product with a sign-up page of its own, whose app takes domain events from a queue. */
const on = useProduct(() => synthesize((stack) => {
  const integration = integrate(stack, {
    pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION,
    dimensions: [Dimension.entitled('Users'), Dimension.entitled('Tier'), Dimension.metered('ApiCalls')],
    registration: Registration.ownSignUp('https://app.example.com/sign-up'),
    reportZeroUsage: false,
    runEvery: Duration.minutes(15),
  });
  const inbox = new sqs.Queue(stack, 'Inbox');
  const target = new SqsQueue(inbox);
  integration.onSubscriptionActivated('Activated', { target });
  integration.onEntitlementChanged('Changed', { target });
  new CfnOutput(stack, 'InboxUrl', { value: inbox.queueUrl });
}));

const options = () => ({ endpoint: on.sandbox.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'app', secretAccessKey: 'app' } });

test('an app redeems the code of a buyer, knows what the buyer may use, and receives it in typed events', async () => {
  const { product, sandbox } = on;
  const { licenseId, licenseArn, fulfillment } = await product.subscriber({ quantities: { Users: 25, Tier: 'gold' } });
  const arrival = await fetch(fulfillment.url, { method: 'POST', body: new URLSearchParams(fulfillment.fields), redirect: 'manual' });
  const code = new URL(arrival.headers.get('location') ?? '').searchParams.get('code')!;

  const lambda = new Lambda(options());
  const claim = { code, claimId: '0b9d4c1e-5f0e-4c7a-8a53-3a3c7f5b2d10' };
  const claimed = await claimRegistration(lambda, product.output('RegistrationFunctionName'), claim);
  expect(claimed).toMatchObject({ licenseId, licenseArn, customerAwsAccountId: '111122223333', status: 'ACTIVE', registeredBefore: false });
  expect(await claimRegistration(lambda, product.output('RegistrationFunctionName'), claim)).toEqual(claimed);
  expect(await claimRegistration(lambda, product.output('RegistrationFunctionName'), { ...claim, claimId: 'of-another-browser' }))
    .toMatchObject({ error: { code: 'INVALID_CODE' } });

  const entitlements = new Entitlements(new DynamoDB(options()), product.output('SubscriptionsTableName'));
  const known = async () => [
    await entitlements.isActive(licenseArn), await entitlements.entitled(licenseId, 'Users'), await entitlements.entitled(licenseId, 'Tier'),
  ];
  expect(await known()).toEqual([true, 25, 'gold']);

  const events = (await product.received('InboxUrl')).map((body): unknown => JSON.parse(body));
  const activated = events.filter((event) => isDomainEvent(event, 'Subscription Activated')).map(({ detail }) => detail.licenseId);
  const changed = events.filter((event) => isDomainEvent(event, 'Entitlement Changed')).map(({ detail }) => detail.entitlements.Users.value);
  expect([activated, changed]).toEqual([[licenseId], [25]]);
  expect(events.every((event) => isDomainEvent(event))).toBe(true);

  await sandbox.agreement(String((await sandbox.state()).agreements[0].agreementId), 'cancel');
  await product.advance('PT3H');
  expect(await known()).toEqual([false, undefined, undefined]);
});

test('an app reports more records than fit a message, twice, and each is billed once', async () => {
  const { product } = on;
  const { licenseId } = await product.subscriber({ quantities: { Users: 1 } });
  const time = await product.now();
  // Tags as long as AWS Marketplace allows, so that a message has 70 records.
  const tags = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((letter) => [letter.repeat(100), letter.repeat(250)]));
  const records: UsageRecord[] = Array.from({ length: 150 }, (_, index) => (
    { id: `call-${index}`, license: licenseId, dimension: 'ApiCalls', quantity: 2, time, tags }));
  const client = new SQS(options());
  const messages: number[] = [];
  const sqsClient = {
    sendMessageBatch: async (call: Parameters<SQS['sendMessageBatch']>[0]) => {
      messages.push(call.Entries!.length);
      return client.sendMessageBatch(call);
    },
  };
  const url = product.output('UsageQueueUrl');
  expect(await reportUsage(sqsClient, url, records)).toEqual({ sent: records, unsent: [] });
  expect(await reportUsage(sqsClient, url, records.slice(70))).toEqual({ sent: records.slice(70), unsent: [] });
  expect(messages).toEqual([3, 2]);
  await product.advance('PT75M');
  expect(await product.billedHours(licenseId)).toEqual({ [time.slice(0, 13)]: 300 });
});

test('an app that names a queue that does not exist gets each record back, with the error that AWS gave', async () => {
  const { sandbox } = on;
  const record: UsageRecord = { id: 'call-1', license: 'l-9d5ab3c1', dimension: 'ApiCalls', quantity: 1, time: await sandbox.clock() };
  const missing = await reportUsage(new SQS(options()), `${sandbox.endpoint}/123456789012/no-such-queue`, [record]);
  expect(missing).toEqual({ sent: [], unsent: [{ record, code: 'QueueDoesNotExist', message: expect.any(String), retryable: false }] });
});
