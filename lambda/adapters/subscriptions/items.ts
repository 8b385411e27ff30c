import { SCHEMA_VERSION } from '../../../src/names';
import { type AgreementFacts, NO_FACTS, type SubscriptionFacts } from '../../domain/subscription/facts';
import type { SubscriptionState } from '../../domain/subscription/state';
import type { Subscription } from '../../domain/subscription/subscription';
import type { OutboxAttributes } from '../events/outbox';

/** `pk = L#<licenseId>`: one subscription. Fields beside `facts` are what its facts amounted to when written. */
export interface SubscriptionItem extends Partial<OutboxAttributes> {
  readonly pk: string;
  readonly sk: 'SUBSCRIPTION';
  readonly type: 'Subscription';
  readonly v: number;
  /** Counts the writes: a write based on an older read is refused. */
  readonly rev: number;
  readonly licenseId: string;
  readonly facts: SubscriptionFacts;
  /** ISO 8601: the instant `status` was derived for. */
  readonly asOf: string;
  readonly status: string;
  readonly statusAt: string;
  readonly [field: string]: unknown;
}

/** `pk = A#<agreementId>`: what is known of an agreement, before and after its licenses are. */
export interface AgreementItem {
  readonly pk: string;
  readonly sk: 'AGREEMENT';
  readonly type: 'Agreement';
  readonly v: number;
  readonly rev: number;
  readonly agreementId: string;
  readonly licenseIds: readonly string[];
  readonly facts: AgreementFacts;
  /** Epoch seconds: while no license is known. */
  readonly expiresAt?: number | undefined;
}

export const subscriptionKey = (licenseId: string) => ({ pk: `L#${licenseId}`, sk: 'SUBSCRIPTION' as const });
export const agreementKey = (agreementId: string) => ({ pk: `A#${agreementId}`, sk: 'AGREEMENT' as const });

export function toSubscription(item: Pick<SubscriptionItem, 'licenseId' | 'facts' | 'asOf'>): Subscription {
  return { licenseId: item.licenseId, facts: { ...NO_FACTS, ...item.facts }, asOf: Date.parse(item.asOf) };
}

/** What a subscription looks like to whoever reads the table: the app, tools, indexes. */
export function subscriptionItem({ licenseId, facts, asOf }: Subscription, state: SubscriptionState, rev: number): SubscriptionItem {
  return {
    ...subscriptionKey(licenseId),
    type: 'Subscription',
    v: SCHEMA_VERSION,
    rev,
    licenseId,
    facts,
    asOf: iso(asOf) as string,
    status: state.status,
    statusAt: iso(state.statusAt) as string,
    agreementId: state.agreementId,
    agreementIds: state.agreementIds,
    registrationIds: state.registrationIds,
    licenseArn: state.licenseArn,
    customerAwsAccountId: state.customerAwsAccountId,
    productCode: state.productCode,
    customerIdentifier: facts.resolution?.customerIdentifier,
    freeTrialHint: facts.resolution?.freeTrialHint,
    activeSince: iso(state.activeSince),
    endedAt: iso(state.endedAt),
    endStatus: state.endStatus,
    finalWindowClosesAt: iso(state.finalWindowClosesAt),
    registeredAt: iso(state.registeredAt),
    continuation: state.continuation,
  };
}

function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
