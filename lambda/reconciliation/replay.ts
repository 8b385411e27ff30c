import * as z from 'zod';
import { DetailType } from '../../src/names';
import { defined } from '../domain/defined';
import type { DomainEvent } from '../domain/domain-event';
import { changesBetween, NO_ENTITLEMENTS } from '../domain/entitlements/entitlement';
import { entitlementEvents } from '../domain/entitlements/entitlement-events';
import type { EntitlementStore } from '../domain/entitlements/ports';
import type { EventPublisher, Log } from '../domain/ports';
import { domainEventsOf } from '../domain/subscription/domain-events';
import type { SubscriptionStore } from '../domain/subscription/ports';
import { subscriptionState } from '../domain/subscription/state';
import type { Subscription } from '../domain/subscription/subscription';

export interface ReplayDependencies {
  readonly store: Pick<SubscriptionStore, 'read'>;
  /** Absent: the pricing model has no entitlements. */
  readonly entitlements?: Pick<EntitlementStore, 'read' | 'inForceAt'> | undefined;
  readonly publisher: EventPublisher;
  readonly productCode: string;
  readonly log: Log;
}

export interface ReplayReport {
  readonly replayed: readonly { readonly eventId: string; readonly type: string; readonly time: string }[];
}

/** Not those of the ledger, whose records the app has. */
const REPLAYABLE = Object.values(DetailType).filter((type) => !type.startsWith('Usage '));

const request = z.strictObject({
  replay: z.strictObject({
    license: z.string('license must be the id of a license, like l-9d5ab3c1').min(1),
    event: z.enum(REPLAYABLE, `event must be one of ${REPLAYABLE.join(', ')}`).optional(),
  }),
});

/** Whether an event asks for a replay, well-formed or not. */
export function isReplay(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'replay' in value;
}

/**
 * Publishes the domain events of a subscription again, oldest first and under the same event ids, for an app whose function
 * failed to process them: `{"replay": {"license": "l-…", "event": "Subscription Activated"}}`. Without `event`, all of them. Of
 * `Entitlement Changed` the latest is published, which has all entitlements in force.
 *
 * @throws when the event bus does not take them
 */
export async function replay(
  event: unknown, { store, entitlements, publisher, productCode, log }: ReplayDependencies,
): Promise<ReplayReport | { readonly error: { readonly code: string; readonly message: string } }> {
  const parsed = request.safeParse(event);
  if (!parsed.success) {
    return failure('INVALID_REQUEST', parsed.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`).join('; '));
  }
  const { license: licenseId, event: type } = parsed.data.replay;
  const subscription = await store.read(licenseId);
  if (subscription === undefined) {
    return failure('UNKNOWN_LICENSE', `no subscription has the license ${licenseId}`);
  }
  const events = [
    ...domainEventsOf({ licenseId, productCode }, subscription.facts, subscription.asOf),
    ...entitlements === undefined ? [] : await latestEntitlementEvents(entitlements, subscription, productCode),
  ].filter(({ detailType }) => type === undefined || detailType === type).sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  if (events.length === 0) {
    return failure('NO_SUCH_EVENT', `the subscription ${licenseId} has had no event ${type ?? ''}`.trim());
  }
  await publisher.publish(events);
  const replayed = events.map(({ detailType, time, detail: { eventId } }) => ({ eventId, type: detailType, time }));
  log.info('Replayed domain events', { licenseId, eventIds: replayed.map(({ eventId }) => eventId) });
  return { replayed };
}

async function latestEntitlementEvents(
  entitlements: Pick<EntitlementStore, 'read' | 'inForceAt'>, { licenseId, facts, asOf }: Subscription, productCode: string,
): Promise<readonly DomainEvent[]> {
  const after = await entitlements.read(licenseId);
  if (after?.since === undefined) {
    return [];
  }
  const before = await entitlements.inForceAt(licenseId, after.since - 1);
  const state = subscriptionState(facts, asOf);
  const { licenseArn, customerAwsAccountId, status, registeredAt } = state;
  return entitlementEvents({ after, changes: changesBetween(before?.entitlements ?? NO_ENTITLEMENTS, after.entitlements) }, defined({
    productCode: state.productCode ?? productCode, licenseArn, customerAwsAccountId, status, registered: registeredAt !== undefined,
  }));
}

function failure(code: string, message: string) {
  return { error: { code, message } };
}
