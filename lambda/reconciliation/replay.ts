import * as z from 'zod';
import { DetailType } from '../../src/names';
import type { EventPublisher, Log } from '../domain/ports';
import { domainEventsOf } from '../domain/subscription/domain-events';
import type { SubscriptionStore } from '../domain/subscription/ports';

export interface ReplayDependencies {
  readonly store: Pick<SubscriptionStore, 'read'>;
  readonly publisher: EventPublisher;
  readonly productCode: string;
  readonly log: Log;
}

export interface ReplayReport {
  readonly replayed: readonly { readonly eventId: string; readonly type: string; readonly time: string }[];
}

/** Those that the facts of a subscription give rise to: not those of the ledger, and not of entitlements, which the app can read. */
const REPLAYABLE = Object.values(DetailType).filter((type) => !/^(Usage|Entitlement) /.test(type));

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
 * failed to process them: `{"replay": {"license": "l-…", "event": "Subscription Activated"}}`. Without `event`, all of them.
 *
 * @throws when the event bus does not take them
 */
export async function replay(
  event: unknown, { store, publisher, productCode, log }: ReplayDependencies,
): Promise<ReplayReport | { readonly error: { readonly code: string; readonly message: string } }> {
  const parsed = request.safeParse(event);
  if (!parsed.success) {
    return failure('InvalidRequest', parsed.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`).join('; '));
  }
  const { license: licenseId, event: type } = parsed.data.replay;
  const subscription = await store.read(licenseId);
  if (subscription === undefined) {
    return failure('UnknownLicense', `no subscription has the license ${licenseId}`);
  }
  const events = domainEventsOf({ licenseId, productCode }, subscription.facts, subscription.asOf)
    .filter(({ detailType }) => type === undefined || detailType === type);
  if (events.length === 0) {
    return failure('NoSuchEvent', `the subscription ${licenseId} has had no event ${type ?? ''}`.trim());
  }
  await publisher.publish(events);
  const replayed = events.map(({ detailType, time, detail: { eventId } }) => ({ eventId, type: detailType, time }));
  log.info('Replayed domain events', { licenseId, eventIds: replayed.map(({ eventId }) => eventId) });
  return { replayed };
}

function failure(code: string, message: string) {
  return { error: { code, message } };
}
