import type { PutEventsCommandOutput, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { SQSEvent } from 'aws-lambda';
import { NotificationBus, regionOfBus } from '../../../lambda/adapters/events/notification-bus';
import { notificationsIn } from '../../../lambda/domain/subscription/notification';
import { forwardBatch } from '../../../lambda/notification-forwarding/forward-batch';

const BUS = 'arn:aws:events:eu-west-1:444455556666:event-bus/agreements';
const TOPIC = 'arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-4ml54db8vrmjuykaw1psroool';
const BODY = '{\n"action": "subscribe-success",\n"customer-identifier": "   X01EXAMPLEX",\n"product-code": "4ml54db8vrmjuykaw1psroool",\n}';

const envelope = (more: object = {}) => JSON.stringify({
  Type: 'Notification', MessageId: 'm-1', TopicArn: TOPIC, Message: BODY, Timestamp: '2026-11-23T05:00:00.000Z', SignatureVersion: '1', Signature: 'x', ...more,
});

function forwarding(answer: Partial<PutEventsCommandOutput> | Error = { Entries: [{ EventId: 'e' }] }) {
  const entries: PutEventsRequestEntry[] = [];
  const lines: string[] = [];
  const send = async ({ input }: { input: { Entries: PutEventsRequestEntry[] } }) => {
    entries.push(...input.Entries);
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  const note = (message: string, fields: object = {}) => lines.push(JSON.stringify([message, fields]));
  const log = { debug: note, info: note, warn: note, error: note };
  const bus = new NotificationBus({ send } as never, BUS);
  const forward = async (...bodies: readonly string[]) =>
    forwardBatch({ Records: bodies.map((body, index) => ({ messageId: `q-${index}`, body })) } as unknown as SQSEvent, { bus, log });
  return { entries, lines, forward };
}

test('a notification reaches the bus of the workload in the form that the workload reads', async () => {
  const { entries, forward } = forwarding();
  expect(await forward(envelope())).toEqual({ batchItemFailures: [] });
  expect(entries).toEqual([{ EventBusName: BUS, Source: 'marketplace-saas', DetailType: 'AWS Marketplace Notification', Detail: expect.any(String) }]);
  const event = { 'detail-type': entries[0].DetailType, 'detail': JSON.parse(entries[0].Detail!) };
  expect(notificationsIn(JSON.stringify(event))).toEqual([{ message: BODY, topicArn: TOPIC, time: Date.parse('2026-11-23T05:00:00Z') }]);
});

test('the call goes to the region of the bus', () => {
  expect(regionOfBus(BUS)).toBe('eu-west-1');
});

test.each([
  ['a bus that refuses the event', { Entries: [{ ErrorCode: 'ThrottlingException' }] }],
  ['a call without an answer', {}],
  ['a failed call', new Error('ETIMEDOUT')],
])('after %s the message returns to the queue', async (_what, answer) => {
  const { forward } = forwarding(answer);
  expect(await forward(envelope())).toEqual({ batchItemFailures: [{ itemIdentifier: 'q-0' }] });
});

test('a message that is no notification fails alone, and the log shows nothing of it', async () => {
  const { entries, lines, forward } = forwarding();
  expect(await forward(BODY, envelope())).toEqual({ batchItemFailures: [{ itemIdentifier: 'q-0' }] });
  expect(entries).toHaveLength(1);
  expect(lines.join()).toContain('Type: ');
  expect(lines.join()).not.toContain('X01EXAMPLEX');
});
