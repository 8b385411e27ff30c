import { at } from './facts';
import type { NotificationAction, NotificationFact } from '../../lambda/domain/subscription/notification-facts';

export const LEGACY_PRODUCT = '7legacyproductcode0000001';
export const LEGACY_BUYER = 'ifapi5acf3x';
export const LEGACY_ID = `legacy-${LEGACY_PRODUCT}-${LEGACY_BUYER}`;

/** What AWS Marketplace publishes, as captured: several lines. */
export function notificationBody(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    'action': 'subscribe-success',
    'customer-identifier': LEGACY_BUYER,
    'product-code': LEGACY_PRODUCT,
    'offer-identifier': 'offer-abc123',
    'isFreeTrialTermPresent': 'true',
    ...more,
  }, null, 2);
}

/** SNS's envelope, as a queue gets it without raw delivery. */
export function snsEnvelope(message: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    Type: 'Notification',
    MessageId: '9b2d5c1e-0000-4000-8000-000000000001',
    TopicArn: `arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-${LEGACY_PRODUCT}`,
    Message: message,
    Timestamp: new Date(at(1)).toISOString(),
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: 'https://sns.us-east-1.amazonaws.com/cert.pem',
    UnsubscribeURL: 'https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe',
    ...more,
  };
}

/** A fact that a notification reports, minutes into the day. */
export const notified = (action: NotificationAction, minutes: number, more: Partial<NotificationFact> = {}): NotificationFact =>
  ({ action, time: at(minutes), ...more });
