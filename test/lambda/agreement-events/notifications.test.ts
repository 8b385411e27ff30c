import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { PRODUCT, startIntegration } from '../../support/integration';
import { notificationBody, snsEnvelope } from '../../support/notifications';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const BUYER = 'ifapi5acf3x';
const ID = `legacy-${PRODUCT}-${BUYER}`;
const message = (more: Readonly<Record<string, unknown>> = {}) =>
  snsEnvelope(notificationBody({ 'product-code': PRODUCT, ...more }), { TopicArn: `arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-${PRODUCT}` });

test('a notification that is delivered twice makes one active subscription, and is published once', async () => {
  const app = await startIntegration(dynamo);
  expect(await app.deliver(message(), message())).toEqual({ batchItemFailures: [] });
  expect(await app.item(ID)).toMatchObject({ status: 'ACTIVE', customerIdentifier: BUYER, freeTrial: true });
  expect(app.bus.types).toEqual(['Subscription Activated']);
});

test('a notification that cannot be read returns to the queue alone, and the log shows no value of it', async () => {
  const app = await startIntegration(dynamo);
  expect(await app.deliver(message({ 'customer-identifier': 'ada@example.com #' }), message())).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
  expect(await app.item(ID)).toMatchObject({ status: 'ACTIVE' });
  expect(JSON.stringify(app.telemetry)).toContain('customer-identifier');
  expect(JSON.stringify(app.telemetry)).not.toContain('ada@example.com');
});

test('an action that is not known is counted, and does not fail the queue', async () => {
  const app = await startIntegration(dynamo);
  expect(await app.deliver(message({ action: 'unsubscribe-fail' }))).toEqual({ batchItemFailures: [] });
  expect(app.telemetry.counts.get('UnknownAgreementEvents')).toBe(1);
});

test('a notification of another product changes nothing', async () => {
  const app = await startIntegration(dynamo);
  expect(await app.deliver(snsEnvelope(notificationBody()))).toEqual({ batchItemFailures: [] });
  expect(await app.everything()).toEqual([]);
});
