import { defined } from '../defined';
import { isoTime } from '../time';
import { mergeByKey } from './merge-by-key';

/** What a notification of a legacy product reports (docs/marketplace-facts.md#f-4), in the order that counts within one instant. */
export const NOTIFICATION_ACTIONS = [
  'entitlement-updated', 'subscribe-fail', 'subscribe-success', 'unsubscribe-pending', 'unsubscribe-success',
] as const;

export type NotificationAction = typeof NOTIFICATION_ACTIONS[number];

/** One notification. Same action and time: the same fact, however often it is delivered. */
export interface NotificationFact {
  readonly action: NotificationAction;
  /** Epoch milliseconds: when SNS accepted the message. */
  readonly time: number;
  readonly offerId?: string;
  readonly freeTrial?: boolean;
}

export type NotificationFacts = Readonly<Record<string, NotificationFact>>;

/** A time during which a buyer of a legacy product was subscribed, or a subscription that failed. Epoch milliseconds. */
export interface LegacyTenure {
  /** First subscribe-success. */
  readonly activatedAt?: number;
  /** First of unsubscribe-pending and unsubscribe-success; or subscribe-fail of a subscription that never began. */
  readonly endedAt?: number;
  /** When AWS stops to accept usage, if a notification said so. */
  readonly closedAt?: number;
  readonly failed?: true;
}

export function notificationFacts(...facts: readonly NotificationFact[]): NotificationFacts {
  return facts.reduce<NotificationFacts>((all, fact) => mergeByKey(all, { [`${fact.action}#${isoTime(fact.time)}`]: fact }), {});
}

/** Oldest first. Of one instant the end counts last, so that a buyer who has left is never shown as active. */
export function inOrder(facts: NotificationFacts): readonly NotificationFact[] {
  const rank = ({ action }: NotificationFact) => NOTIFICATION_ACTIONS.indexOf(action);
  return Object.values(facts).sort((a, b) => a.time - b.time || rank(a) - rank(b));
}

/**
 * The tenures of a buyer, oldest first; the last one decides. A subscribe-success after an end begins a new one, with or
 * without the final notice in between (docs/marketplace-facts.md#f-4).
 *
 * @param until epoch milliseconds: from then on the license of the buyer has events of its own, and notifications say nothing
 */
export function legacyTenuresOf(facts: NotificationFacts, until = Infinity): readonly LegacyTenure[] {
  return inOrder(facts).filter(({ time }) => time < until).reduce<readonly LegacyTenure[]>((tenures, { action, time }) => {
    const last = tenures.at(-1);
    const others = tenures.slice(0, -1);
    switch (action) {
      case 'subscribe-success':
        return last === undefined || last.endedAt !== undefined ? [...tenures, { activatedAt: time }] : tenures;
      case 'subscribe-fail':
        // After a first subscription, only the change of it failed.
        return last === undefined ? [{ endedAt: time, closedAt: time, failed: true }] : tenures;
      case 'unsubscribe-pending':
        return last?.endedAt === undefined ? [...others, { ...last, endedAt: time }] : tenures;
      case 'unsubscribe-success':
        return last?.closedAt === undefined ? [...others, defined({ ...last, endedAt: last?.endedAt ?? time, closedAt: time })] : tenures;
      default:
        return tenures;
    }
  }, []);
}
