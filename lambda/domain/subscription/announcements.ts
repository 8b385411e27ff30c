import type { AgreementFact, SubscriptionFacts } from './facts';
import { registrationsOf } from './registrations';
import { CONTINUED, holdsOf, type SubscriptionState, subscriptionState } from './state';
import { DetailType } from '../../../src/names';
import type { DomainEvent } from '../domain-event';

/** Whose facts these are. */
export interface Subject {
  readonly licenseId: string;
  /** The integration's own, where the facts do not name one yet. */
  readonly productCode: string;
}

/**
 * Every domain event that the facts of a subscription give rise to, oldest first: a pure function of facts and now,
 * with ids that depend on nothing else. What is owed after a change is what was not here before it.
 */
export function announcements(subject: Subject, facts: SubscriptionFacts, now: number): readonly DomainEvent[] {
  const state = subscriptionState(facts, now);
  const announce = (detailType: string, id: string, time: number, more: Record<string, unknown>): DomainEvent => ({
    detailType,
    time: new Date(time).toISOString(),
    detail: { version: '1', eventId: `${id}:${subject.licenseId}`, ...common(subject, state), ...more },
  });

  const events: DomainEvent[] = [];
  for (const [registrationId, at] of registrationsOf(facts)) {
    events.push(announce(DetailType.BUYER_REGISTERED, `buyer-registered:${registrationId}`, at, {
      registrationId,
      registeredAt: iso(at),
      ...(facts.resolution?.freeTrialHint ? { freeTrialHint: true } : {}),
    }));
  }
  for (const { agreementId, activatedAt, previousAgreementId } of holdsOf(facts)) {
    if (activatedAt !== undefined) {
      events.push(announce(DetailType.SUBSCRIPTION_ACTIVATED, `subscription-activated:${agreementId}`, activatedAt, {
        agreementId, activatedAt: iso(activatedAt), ...(previousAgreementId === undefined ? {} : { previousAgreementId }),
      }));
    }
  }
  const activations = new Set(holdsOf(facts).map(({ agreementId, activatedAt }) => `${agreementId}@${activatedAt}`));
  for (const fact of Object.values(facts.agreements)) {
    const news = newsOf(fact, activations);
    if (news !== undefined) {
      const { detailType, id, more } = news;
      events.push(announce(detailType, `${id}:${fact.agreementId}:${iso(fact.time)}`, fact.time, { agreementId: fact.agreementId, ...more }));
    }
  }
  const { agreementId, endedAt, finalWindowClosesAt, endStatus } = state;
  if (endedAt !== undefined && finalWindowClosesAt !== undefined) {
    const known = endStatus === undefined ? {} : { endStatus };
    const end = { agreementId, endedAt: iso(endedAt), finalWindowClosesAt: iso(finalWindowClosesAt), ...known };
    events.push(announce(DetailType.SUBSCRIPTION_ENDING, `subscription-ending:${agreementId}`, endedAt, end));
    if (state.status === 'ENDED') {
      events.push(announce(DetailType.SUBSCRIPTION_ENDED, `subscription-ended:${agreementId}`, finalWindowClosesAt, end));
    }
  }
  return events.sort((a, b) => compare(a.time, b.time) || compare(a.detail.eventId, b.detail.eventId));
}

function common({ licenseId, productCode }: Subject, state: SubscriptionState) {
  return {
    productCode: state.productCode ?? productCode,
    licenseId,
    ...(state.licenseArn === undefined ? {} : { licenseArn: state.licenseArn }),
    ...(state.customerAwsAccountId === undefined ? {} : { customerAwsAccountId: state.customerAwsAccountId }),
    status: state.status,
    registered: state.registeredAt !== undefined,
  };
}

function newsOf(fact: AgreementFact, activations: ReadonlySet<string>) {
  const agreement = {
    ...pick(fact, 'status', 'agreementStatus'),
    ...pick(fact, 'intent', 'intent'),
    ...pick(fact, 'startTime', 'startTime'),
    ...pick(fact, 'endTime', 'endTime'),
    ...pick(fact, 'autoRenewalEnabled', 'autoRenewalEnabled'),
    ...pick(fact, 'daysBeforeEndTime', 'daysBeforeEndTime'),
    ...pick(fact, 'offerId', 'offerId'),
  };
  const updated = (reason: string) => ({
    detailType: DetailType.SUBSCRIPTION_UPDATED, id: `subscription-updated:${reason}`, more: { reason, changedAt: iso(fact.time), ...agreement },
  });
  switch (fact.kind) {
    case 'LICENSE_UPDATED':
      return activations.has(`${fact.agreementId}@${fact.time}`) ? undefined : updated('LICENSE_UPDATED');
    case 'AMENDED':
      return updated('AGREEMENT_AMENDED');
    case 'ENDING_NOTICE':
      return updated('AGREEMENT_ENDING_SOON');
    case 'ENDED':
      return CONTINUED.has(fact.status ?? '') ? updated(`AGREEMENT_${fact.status}`) : undefined;
    case 'ADVISORY_ISSUED':
      return { detailType: DetailType.ADVISORY_ISSUED, id: 'advisory-issued', more: { issuedAt: fact.advisoryTime ?? iso(fact.time) } };
    case 'ADVISORY_RESOLVED':
      return { detailType: DetailType.ADVISORY_RESOLVED, id: 'advisory-resolved', more: { resolvedAt: fact.advisoryTime ?? iso(fact.time) } };
    default:
      return undefined;
  }
}

function pick(fact: AgreementFact, field: keyof AgreementFact, name: string): Record<string, unknown> {
  return fact[field] === undefined ? {} : { [name]: fact[field] };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
