import { isDeepStrictEqual } from 'node:util';
import { domainEventsOf } from './domain-events';
import { mergeFacts, EMPTY_FACTS, type SubscriptionFacts } from './facts';
import { legacyCustomerOf } from './legacy-customer';
import { meteredByLicenseFrom } from './migration';
import { addedAfterFirst } from './registrations';
import { type SubscriptionState, subscriptionState } from './state';
import { defined } from '../defined';
import type { DomainEvent } from '../domain-event';
import type { MeteredLicense } from '../subscription-directory';
import { hourOf } from '../usage/ledger/hour';

/** A subscription as kept: its facts, and the instant its state was last written for. */
export interface Subscription {
  readonly licenseId: string;
  readonly facts: SubscriptionFacts;
  /** Epoch milliseconds. */
  readonly asOf: number;
}

export interface Transition {
  readonly after: Subscription;
  readonly state: SubscriptionState;
  /** What the seller's app has to be informed of. */
  readonly events: readonly DomainEvent[];
  /** Whether there is anything to write. */
  readonly changed: boolean;
}

/** Adds facts to what is known. Without new facts, the state may still change with time. */
export function applyFacts(
  before: Subscription | undefined, licenseId: string, added: SubscriptionFacts, now: number, productCode: string,
): Transition {
  const subject = { licenseId, productCode };
  // The clocks of two hosts differ: time must not run backwards over what was published.
  const asOf = Math.max(now, before?.asOf ?? now);
  const known = before?.facts ?? EMPTY_FACTS;
  const facts = mergeFacts(known, { ...added, registrations: addedAfterFirst(known, added.registrations) });
  const state = subscriptionState(facts, asOf);
  const published = new Set(before && domainEventsOf(subject, before.facts, before.asOf).map((event) => event.detail.eventId));
  const events = domainEventsOf(subject, facts, asOf).filter((event) => !published.has(event.detail.eventId));
  const changed = before === undefined || events.length > 0 || !isDeepStrictEqual(facts, before.facts)
    || state.status !== subscriptionState(before.facts, before.asOf).status;
  return { after: { licenseId, facts, asOf: changed ? asOf : before.asOf }, state, events, changed };
}

/** The subscription as metering sees it. */
export function meteredLicense({ licenseId, facts }: Pick<Subscription, 'licenseId' | 'facts'>, now: number): MeteredLicense {
  const state = subscriptionState(facts, now);
  const { status, licenseArn, customerAwsAccountId, productCode, activeSince, endedAt, finalWindowClosesAt, continuesAs } = state;
  const legacy = legacyCustomerOf(licenseId);
  const { migration } = facts;
  return defined({
    licenseId,
    // Usage of a buyer who has moved is never too late: it moves too.
    status: continuesAs === undefined ? status : 'ACTIVE' as const,
    continuesAs: migration?.continuesAs,
    meteredUntil: migration?.continuesAs && hourOf(migration.cutOver),
    migratedFrom: migration?.migratedFrom,
    meteredFrom: migration?.migratedFrom && hourOf(meteredByLicenseFrom(migration)),
    ...legacy ?? { licenseArn, productCode },
    customerAwsAccountId,
    activeSince,
    updatedAt: lastLicenseUpdate(facts),
    endedAt,
    finalWindowClosesAt,
  });
}

/** What a notification of a legacy product says of a contract that was bought, amended or renewed. */
const UPDATING_ACTIONS: ReadonlySet<string> = new Set(['subscribe-success', 'entitlement-updated']);

/** When AWS last reported that the license was bought, amended or renewed. */
export function lastLicenseUpdate({ agreements, notifications = {} }: SubscriptionFacts): number | undefined {
  const times = [
    ...Object.values(agreements).filter(({ kind }) => kind === 'LICENSE_UPDATED'),
    ...Object.values(notifications).filter(({ action }) => UPDATING_ACTIONS.has(action)),
  ].map(({ time }) => time);
  return times.length === 0 ? undefined : Math.max(...times);
}
