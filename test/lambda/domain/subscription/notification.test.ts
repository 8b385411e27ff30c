import * as fc from 'fast-check';
import { MalformedEventError } from '../../../../lambda/domain/subscription/agreement-event';
import { notificationsIn, readEnvelope, readNotification } from '../../../../lambda/domain/subscription/notification';
import { at } from '../../../support/facts';
import { LEGACY_BUYER, LEGACY_ID, LEGACY_PRODUCT, notificationBody, snsEnvelope } from '../../../support/notifications';

const RECEIVED = at(9);

function read(body: string) {
  return (notificationsIn(body) ?? []).map((notification) => readNotification(notification, RECEIVED));
}

const KNOWN = {
  outcome: 'FACT',
  productCode: LEGACY_PRODUCT,
  licenseId: LEGACY_ID,
  fact: { action: 'subscribe-success', time: at(1), offerId: 'offer-abc123', freeTrial: true },
};
const forFunction = { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', Sns: { ...snsEnvelope(notificationBody()), Subject: null, MessageAttributes: {} } }] };
const forwarded = { 'source': 'marketplace-saas', 'detail-type': 'AWS Marketplace Notification', 'detail': snsEnvelope(notificationBody()) };

test.each([
  ['in the envelope of a queue', JSON.stringify(snsEnvelope(notificationBody())), at(1)],
  ['in the record with which SNS invokes a function', JSON.stringify(forFunction), at(1)],
  ['forwarded from the seller account', JSON.stringify(forwarded), at(1)],
  ['raw, with the time at which the queue received it', notificationBody(), RECEIVED],
])('a notification is read %s', (_, body, time) => {
  expect(read(body)).toEqual([{ ...KNOWN, fact: { ...KNOWN.fact, time } }]);
});

test.each([
  ['with a comma before the end', notificationBody().replace(/\n}$/, ',\n}')],
  ['with blanks around its identifiers', notificationBody({ 'customer-identifier': `      ${LEGACY_BUYER} `, 'product-code': ` ${LEGACY_PRODUCT}`, 'action': ' subscribe-success ' })],
  ['with a boolean in place of the text', notificationBody({ isFreeTrialTermPresent: true })],
  ['with the text in capitals', notificationBody({ isFreeTrialTermPresent: 'True' })],
  ['with fields that are not known', notificationBody({ 'future-field': { nested: [1] } })],
])('a notification is read %s', (_, message) => {
  expect(read(JSON.stringify(snsEnvelope(message)))).toEqual([KNOWN]);
});

test('a notification of the time before offers has no offer and no free trial', () => {
  const message = notificationBody({ 'offer-identifier': undefined, 'isFreeTrialTermPresent': undefined });
  expect(read(JSON.stringify(snsEnvelope(message)))).toEqual([{ ...KNOWN, fact: { action: 'subscribe-success', time: at(1) } }]);
});

test.each([',}', ', \n\t}', ',\r\n  }'])('the ending %j, with a comma too many, is read', (ending) => {
  expect(read(JSON.stringify(snsEnvelope(notificationBody().replace(/\n}$/, ending))))).toEqual([KNOWN]);
});

test.each(['a,}b', '",}', 'a",]b', 'a"b"c,}d', 'a\\",}b', '\\', 'a\\\\"b\\,]c', ',}"'])('the text %j is read as it is where a comma too many follows', (action) => {
  const message = notificationBody({ list: 'LIST', action }).replace('"LIST"', '[1, "x,]", ]').replace(/\n}$/, ',\n}');
  expect(read(JSON.stringify(snsEnvelope(message)))).toEqual([{ outcome: 'UNKNOWN', productCode: LEGACY_PRODUCT, action }]);
});

test('all notifications with which SNS invokes a function are read', () => {
  const [first] = forFunction.Records;
  const second = { ...first, Sns: snsEnvelope(notificationBody({ action: 'unsubscribe-pending' })) };
  expect(read(JSON.stringify({ Records: [first, second] }))).toMatchObject([{ fact: { action: 'subscribe-success' } }, { fact: { action: 'unsubscribe-pending' } }]);
});

test('a comma within a text stays', () => {
  const message = notificationBody({ note: 'a,}b', last: 1 }).replace(/\n}$/, ',\n}');
  expect(read(JSON.stringify(snsEnvelope(message)))).toEqual([KNOWN]);
});

test('an action that is not known is returned by its name', () => {
  expect(read(notificationBody({ action: 'unsubscribe-fail' }))).toEqual([{ outcome: 'UNKNOWN', productCode: LEGACY_PRODUCT, action: 'unsubscribe-fail' }]);
});

test.each([['true', true], ['false', false], ['FALSE', false], [false, false], ['', undefined], ['unknown', undefined], [null, undefined]])(
  'a free trial that is said to be %j is read as %s', (isFreeTrialTermPresent, freeTrial) => {
    const [notification] = read(notificationBody({ isFreeTrialTermPresent }));
    expect(notification).toMatchObject({ outcome: 'FACT' });
    expect((notification as { fact: { freeTrial?: boolean } }).fact.freeTrial).toBe(freeTrial);
  });

test('a raw message is a notification by its action, or by its buyer', () => {
  for (const message of ['{"action":"subscribe-success"}', `{"customer-identifier":"${LEGACY_BUYER}"}`]) {
    expect(notificationsIn(message)).toStrictEqual([{ message }]);
  }
  expect(notificationsIn('{"product-code":"code"}')).toBeUndefined();
  expect(notificationsIn('{}')).toBeUndefined();
});

test('an envelope whose time is none counts from when it was received', () => {
  expect(read(JSON.stringify(snsEnvelope(notificationBody(), { Timestamp: 'noon' })))).toEqual([{ ...KNOWN, fact: { ...KNOWN.fact, time: RECEIVED } }]);
});

describe("SNS's envelope, which is forwarded to another account", () => {
  test('its documented fields are read as they are, and its signature is left out', () => {
    const envelope = snsEnvelope(notificationBody());
    const { Type, TopicArn, Message, Timestamp, MessageId } = envelope;
    expect(readEnvelope(JSON.stringify(envelope))).toStrictEqual({ Type, TopicArn, Message, Timestamp, MessageId });
  });

  test.each([
    ['of a confirmation', JSON.stringify(snsEnvelope('', { Type: 'SubscriptionConfirmation' })), 'Type: Invalid input: expected "Notification"'],
    ['without a topic and with an object in it', JSON.stringify(snsEnvelope('', { TopicArn: undefined, Message: {} })),
      'TopicArn: Invalid input: expected string, received undefined; Message: Invalid input: expected string, received object'],
    ['that is not JSON', 'hello', 'body: Invalid input: expected object, received undefined'],
    ['within a record of a function', JSON.stringify({ Records: [{ Sns: { Type: 7 } }] }), 'Type: Invalid input: expected "Notification"'],
  ])('an envelope %s is refused with the field', (_, body, reason) => {
    expect(() => readEnvelope(body)).toThrow(MalformedEventError);
    expect(() => readEnvelope(body)).toThrow(`Malformed agreement event: the message is not a notification in SNS's envelope: ${reason}`);
  });
});

test('all that is wrong with a notification is in the reason, and of a topic that is no topic of AWS Marketplace, that', () => {
  const reading = (message: string, more = {}) => () => read(JSON.stringify(snsEnvelope(message, more)));
  expect(reading(notificationBody({ 'customer-identifier': 'a#b', 'product-code': 'UPPER' }))).toThrow(new MalformedEventError(
    'the notification is not one of AWS Marketplace: customer-identifier: must be 1 to 128 letters, digits or _.-; product-code: must be lower-case letters and digits'));
  expect(reading('[]')).toThrow(new MalformedEventError('the notification is not one of AWS Marketplace: body: Invalid input: expected object, received array'));
  for (const topic of ['my-topic', `aws-mp-subscription-notification-${LEGACY_PRODUCT}:x`]) {
    expect(reading(notificationBody(), { TopicArn: `arn:aws:sns:us-east-1:287250355862:${topic}` }))
      .toThrow(new MalformedEventError('the topic of the notification is not one of its product'));
  }
});

test('an event of EventBridge is no notification', () => {
  expect(notificationsIn(JSON.stringify({ 'source': 'aws.agreement-marketplace', 'detail-type': 'License Updated - Manufacturer', 'detail': {} }))).toBeUndefined();
  expect(notificationsIn('not JSON at all')).toBeUndefined();
});

test.each([
  ['without a buyer', notificationBody({ 'customer-identifier': undefined }), 'customer-identifier'],
  ['with separators in its buyer', notificationBody({ 'customer-identifier': 'ada@example.com#1' }), 'customer-identifier'],
  ['with an endless buyer', notificationBody({ 'customer-identifier': 'x'.repeat(129) }), 'customer-identifier'],
  ['without a product', notificationBody({ 'product-code': '' }), 'product-code'],
  ['without an action', notificationBody({ action: 7 }), 'action'],
  ['that is not JSON', 'hello', 'body'],
  ['with capitals before its product', notificationBody({ 'product-code': `X${LEGACY_PRODUCT}` }), 'product-code: must be lower-case letters and digits'],
  ['with a separator after its product', notificationBody({ 'product-code': `${LEGACY_PRODUCT}-x` }), 'product-code: must be lower-case letters and digits'],
  ['of the topic of another product', notificationBody({ 'product-code': 'other' }), 'topic'],
])('a notification %s is refused with a reason that names no buyer', (_, message, reason) => {
  const reading = () => read(JSON.stringify(snsEnvelope(message)));
  expect(reading).toThrow(MalformedEventError);
  expect(reading).toThrow(reason);
  expect(reading).not.toThrow(/example\.com/);
});

test('any content is read or refused with a reason, and nothing else happens', () => {
  const fields = fc.record({
    'action': fc.anything(), 'customer-identifier': fc.anything(), 'product-code': fc.anything(), 'isFreeTrialTermPresent': fc.anything(),
  }, { requiredKeys: [] });
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string(), fields.map((value) => JSON.stringify(value) ?? '')), (body) => {
    for (const text of [body, JSON.stringify(snsEnvelope(body))]) {
      try {
        read(text);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedEventError);
      }
    }
  }), { numRuns: 300 });
});
