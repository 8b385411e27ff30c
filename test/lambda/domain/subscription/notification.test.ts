import * as fc from 'fast-check';
import { MalformedEventError } from '../../../../lambda/domain/subscription/agreement-event';
import { notificationsIn, readNotification } from '../../../../lambda/domain/subscription/notification';
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

test('a comma within a text stays', () => {
  const message = notificationBody({ note: 'a,}b', last: 1 }).replace(/\n}$/, ',\n}');
  expect(read(JSON.stringify(snsEnvelope(message)))).toEqual([KNOWN]);
});

test('an action that is not known is returned by its name', () => {
  expect(read(notificationBody({ action: 'unsubscribe-fail' }))).toEqual([{ outcome: 'UNKNOWN', productCode: LEGACY_PRODUCT, action: 'unsubscribe-fail' }]);
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
