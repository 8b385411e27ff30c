import { type AgreementEventDependencies, handleAgreementEvent } from './handle-agreement-event';
import { METRICS } from '../../src/names';
import { type MarketplaceNotification, notificationsIn, readNotification } from '../domain/subscription/notification';

/**
 * Applies one message of the queue: an event of EventBridge, or a notification of a legacy product. Applying it again changes
 * nothing, and completes what an interrupted run left.
 *
 * @param sentAt epoch milliseconds: when the queue received the message
 * @throws MalformedEventError when it cannot be read; any error of AWS
 */
export async function handleMessage(body: string, sentAt: number, deps: AgreementEventDependencies): Promise<void> {
  const notifications = notificationsIn(body);
  if (notifications === undefined) {
    await handleAgreementEvent(body, deps);
    return;
  }
  for (const notification of notifications) {
    await handleNotification(notification, sentAt, deps);
  }
}

async function handleNotification(notification: MarketplaceNotification, sentAt: number, deps: AgreementEventDependencies): Promise<void> {
  const { log, metrics, subscriptions, clock } = deps;
  const content = readNotification(notification, sentAt);
  const { productCode } = content;
  if (productCode !== deps.productCode) {
    log.debug('Notification of another product', { productCode });
    return;
  }
  if (content.outcome === 'UNKNOWN') {
    metrics.add(METRICS.UNKNOWN_AGREEMENT_EVENTS);
    log.warn('Notification with an unknown action', { action: content.action });
    return;
  }
  const { fact, licenseId } = content;
  const { state } = await subscriptions.recordNotification(licenseId, fact, clock.now());
  log.info('Notification applied', { action: fact.action, licenseId, status: state.status });
}
