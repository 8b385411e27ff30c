import { type AgreementFact, awaitsMigration, type SubscriptionFacts } from './facts';
import { freeTrialsOf } from './free-trial';
import { legacyCustomerOf } from './legacy-customer';
import type { Migration } from './migration';
import { inOrder, legacyTenuresOf, type NotificationFact, type NotificationFacts } from './notification-facts';
import { registrationsOf } from './registrations';
import { tenuresOf, type SubscriptionState, subscriptionState } from './state';
import { SUCCEEDED_STATUSES } from './succeeded-statuses';
import { DetailType } from '../../../src/names';
import { compare } from '../compare';
import { defined } from '../defined';
import type { DomainEvent } from '../domain-event';
import { isoTime, optionalIsoTime } from '../time';

/** Whose facts these are. */
export interface Subject {
  readonly licenseId: string;
  /** The integration's own, where the facts do not name one yet. */
  readonly productCode: string;
}

/**
 * Every domain event that the facts of a subscription give rise to, oldest first: a pure function of facts and now,
 * with ids that depend on nothing else. The events of a change are those that were not here before it.
 */
export function domainEventsOf(subject: Subject, facts: SubscriptionFacts, now: number): readonly DomainEvent[] {
  const state = subscriptionState(facts, now);
  if (awaitsMigration(facts)) {
    return [];
  }
  const shared = common(subject, state);
  const event: NewEvent = (detailType, id, time, more) => ({
    detailType,
    time: isoTime(time),
    detail: { version: '1', eventId: `${id}:${subject.licenseId}`, ...shared, ...more },
  });

  const events: DomainEvent[] = [];
  for (const [registrationId, at] of registrationsOf(facts)) {
    events.push(event(DetailType.BUYER_REGISTERED, `buyer-registered:${registrationId}`, at, defined({
      registrationId,
      registeredAt: isoTime(at),
      registeredBefore: registrationId !== state.firstRegistrationId,
      firstRegisteredAt: optionalIsoTime(state.registeredAt),
      agreementId: state.agreementId,
      freeTrialHint: facts.resolution?.freeTrialHint || undefined,
    })));
  }
  const tenures = tenuresOf(facts);
  for (const { agreementId, activatedAt, previousAgreementId } of tenures) {
    if (activatedAt !== undefined) {
      events.push(event(DetailType.SUBSCRIPTION_ACTIVATED, `subscription-activated:${agreementId}`, activatedAt, defined({
        agreementId, activatedAt: isoTime(activatedAt), previousAgreementId,
      })));
    }
  }
  const activations = new Set(tenures.map(({ agreementId, activatedAt }) => `${agreementId}@${activatedAt}`));
  for (const fact of Object.values(facts.agreements)) {
    const change = changeOf(fact, activations);
    if (change !== undefined) {
      const { detailType, id, more } = change;
      events.push(event(detailType, `${id}:${fact.agreementId}:${fact.requestId ?? isoTime(fact.time)}`, fact.time, { agreementId: fact.agreementId, ...more }));
    }
  }
  for (const { agreementId, startedAt, endsAt, outcome, outcomeAt, endStatus } of freeTrialsOf(facts, now)) {
    const trial = { agreementId, startedAt: isoTime(startedAt), trialEndsAt: isoTime(endsAt) };
    events.push(event(DetailType.FREE_TRIAL_STARTED, `free-trial-started:${agreementId}`, startedAt, trial));
    if (outcome === 'CONVERTED' && outcomeAt !== undefined) {
      events.push(event(DetailType.FREE_TRIAL_CONVERTED, `free-trial-converted:${agreementId}`, outcomeAt, { ...trial, convertedAt: isoTime(outcomeAt) }));
    } else if (outcomeAt !== undefined) {
      const lapsed = defined({ ...trial, lapsedAt: isoTime(outcomeAt), endStatus });
      events.push(event(DetailType.FREE_TRIAL_LAPSED, `free-trial-lapsed:${agreementId}`, outcomeAt, lapsed));
    }
  }
  events.push(...notificationEvents(facts.notifications ?? {}, event, facts.migration?.cutOver));
  const { agreementId, endedAt, finalWindowClosesAt, endStatus } = state;
  if (endedAt !== undefined && finalWindowClosesAt !== undefined) {
    // A buyer of a legacy product has no agreement id: the time of the end distinguishes one end from the next.
    const ended = agreementId ?? isoTime(endedAt);
    const end = defined({ agreementId, endedAt: isoTime(endedAt), finalWindowClosesAt: isoTime(finalWindowClosesAt), endStatus });
    events.push(event(DetailType.SUBSCRIPTION_ENDING, `subscription-ending:${ended}`, endedAt, end));
    if (state.status === 'ENDED') {
      events.push(event(DetailType.SUBSCRIPTION_ENDED, `subscription-ended:${ended}`, finalWindowClosesAt, end));
    }
  }
  const all = facts.migration?.migratedFrom === undefined ? events : [...sinceMigration(facts.migration, events), migrated(facts.migration, event)];
  return all.sort((a, b) => compare(a.time, b.time) || compare(a.detail.eventId, b.detail.eventId));
}

/**
 * What happened before a buyer was migrated was published under the former key, and the license begins no second subscription: an app that
 * got one Subscription Activated must not provision the buyer again.
 */
function sinceMigration({ recordedAt }: Migration, events: readonly DomainEvent[]): readonly DomainEvent[] {
  const first = events.filter(({ detailType }) => detailType === DetailType.SUBSCRIPTION_ACTIVATED).sort((a, b) => compare(a.time, b.time))[0];
  return events.filter((one) => one !== first && Date.parse(one.time) > recordedAt);
}

function migrated({ migratedFrom, cutOver, recordedAt }: Migration, event: NewEvent): DomainEvent {
  return event(DetailType.SUBSCRIPTION_UPDATED, `subscription-updated:MIGRATED:${isoTime(recordedAt)}`, recordedAt, {
    reason: 'MIGRATED', changedAt: isoTime(recordedAt), migratedFrom, cutOver: isoTime(cutOver),
  });
}

type NewEvent = (detailType: string, id: string, time: number, more: Record<string, unknown>) => DomainEvent;

/** What notifications of a legacy product change: each begin of a tenure, and what happens within one. */
function notificationEvents(facts: NotificationFacts, event: NewEvent, until = Infinity): readonly DomainEvent[] {
  const begins = new Set(legacyTenuresOf(facts, until).map(({ activatedAt }) => activatedAt));
  return inOrder(facts).filter(({ time }) => time < until).flatMap((fact) => {
    const { action, time, offerId, freeTrial } = fact;
    const at = isoTime(time);
    if (action === 'subscribe-success' && begins.has(time)) {
      return [event(DetailType.SUBSCRIPTION_ACTIVATED, `subscription-activated:${at}`, time, defined({ activatedAt: at, offerId, freeTrial }))];
    }
    const reason = UPDATE_REASONS[action];
    return reason === undefined
      ? []
      : [event(DetailType.SUBSCRIPTION_UPDATED, `subscription-updated:${reason}:${at}`, time, defined({ reason, changedAt: at, offerId, freeTrial }))];
  });
}

/** The ends have events of their own. */
const UPDATE_REASONS: { readonly [action in NotificationFact['action']]?: string } = {
  'subscribe-success': 'OFFER_CHANGED',
  'subscribe-fail': 'SUBSCRIBE_FAILED',
  'entitlement-updated': 'ENTITLEMENT_UPDATED',
};

function common({ licenseId, productCode }: Subject, state: SubscriptionState) {
  return defined({
    productCode: state.productCode ?? productCode,
    licenseId,
    licenseArn: state.licenseArn,
    customerAwsAccountId: state.customerAwsAccountId,
    customerIdentifier: legacyCustomerOf(licenseId)?.customerIdentifier,
    status: state.status,
    pendingReason: state.pendingReason,
    freeTrial: state.freeTrial,
    registered: state.registeredAt !== undefined,
  });
}

/** What one fact about an agreement changes for the seller's app, if anything. */
function changeOf(fact: AgreementFact, activations: ReadonlySet<string>) {
  const { status: agreementStatus, intent, startTime, endTime, autoRenewalEnabled, daysBeforeEndTime, offerId } = fact;
  const agreement = defined({ agreementStatus, intent, startTime, endTime, autoRenewalEnabled, daysBeforeEndTime, offerId });
  const updated = (reason: string) => ({
    detailType: DetailType.SUBSCRIPTION_UPDATED, id: `subscription-updated:${reason}`, more: { reason, changedAt: isoTime(fact.time), ...agreement },
  });
  switch (fact.kind) {
    case 'LICENSE_UPDATED':
      return activations.has(`${fact.agreementId}@${fact.time}`) ? undefined : updated('LICENSE_UPDATED');
    case 'AMENDED':
      return updated('AGREEMENT_AMENDED');
    case 'ENDING_NOTICE':
      return updated('AGREEMENT_ENDING_SOON');
    case 'ENDED':
      return SUCCEEDED_STATUSES.has(fact.status) ? updated(`AGREEMENT_${fact.status}`) : undefined;
    case 'ADVISORY_ISSUED':
      return { detailType: DetailType.ADVISORY_ISSUED, id: 'advisory-issued', more: { issuedAt: fact.advisoryTime ?? isoTime(fact.time) } };
    case 'ADVISORY_RESOLVED':
      return { detailType: DetailType.ADVISORY_RESOLVED, id: 'advisory-resolved', more: { resolvedAt: fact.advisoryTime ?? isoTime(fact.time) } };
    case 'NOTICE':
      return {
        detailType: DetailType.AGREEMENT_NOTICE,
        id: `agreement-notice:${fact.notice}`,
        more: { notice: fact.notice, noticedAt: isoTime(fact.time), ...fact.content },
      };
    default:
      return undefined;
  }
}
