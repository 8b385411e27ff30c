import * as z from 'zod';
import { describeError } from '../domain/describe-error';
import type { Log } from '../domain/ports';
import type { BuyerDataStore, StoredBuyer } from '../domain/registration/ports';
import type { SubscriptionStore } from '../domain/subscription/ports';
import { subscriptionState } from '../domain/subscription/state';

const text = z.string().trim().min(1).max(300);
const buyer = z.union([z.strictObject({ licenseId: text }), z.strictObject({ customerAwsAccountId: text }), z.strictObject({ email: text })]);
const request = z.union([z.strictObject({ exportBuyer: buyer }), z.strictObject({ forgetBuyer: buyer })]);

/** One buyer, by exactly one of the three. */
type BuyerQuery = z.infer<typeof buyer>;

/** Copies that this function cannot reach, for the answer to the buyer. */
const OTHER_COPIES = [
  'Point-in-time recovery of the registrations table keeps deleted items for 35 days; backups of your own for as long as you keep them.',
  'What your app, your mailboxes or other systems of yours have copied.',
] as const;

export interface BuyerDataAnswer {
  /** What was found; after forgetBuyer, what was deleted. */
  readonly registrations: readonly StoredBuyer[];
  readonly otherCopies: readonly string[];
}

export interface BuyerDataRefused {
  readonly error: { readonly code: 'INVALID_REQUEST'; readonly message: string };
}

export interface BuyerDataDependencies {
  readonly buyers: BuyerDataStore;
  readonly subscriptions: Pick<SubscriptionStore, 'read' | 'licensesOf'>;
  readonly log: Log;
}

/** Exports or deletes what one buyer entered. Subscriptions, usage and their events have no personal data, and stay. */
export function buyerDataHandler(deps: BuyerDataDependencies): (event: unknown) => Promise<BuyerDataAnswer | BuyerDataRefused> {
  return async (event) => {
    const parsed = request.safeParse(event);
    if (!parsed.success) {
      return {
        error: {
          code: 'INVALID_REQUEST',
          message: 'Send {"exportBuyer":{…}} or {"forgetBuyer":{…}} with exactly one of "licenseId", "customerAwsAccountId" and "email".',
        },
      };
    }
    const asked = parsed.data;
    const forget = 'forgetBuyer' in asked;
    const registrations = await find(forget ? asked.forgetBuyer : asked.exportBuyer, deps);
    if (forget) {
      await remove(registrations, deps);
    }
    deps.log.info(forget ? 'Data of a buyer was deleted' : 'Data of a buyer was exported', {
      registrations: registrations.map(({ registrationId }) => registrationId),
    });
    return { registrations, otherCopies: OTHER_COPIES };
  };
}

async function find(asked: BuyerQuery, { buyers, subscriptions }: BuyerDataDependencies): Promise<readonly StoredBuyer[]> {
  if ('email' in asked) {
    return buyers.ofEmail(asked.email);
  }
  if ('customerAwsAccountId' in asked) {
    return buyers.ofAccount(asked.customerAwsAccountId);
  }
  const { licenseId } = asked;
  const subscription = await subscriptions.read(licenseId);
  const state = subscription && subscriptionState(subscription.facts, subscription.asOf);
  if (state?.customerAwsAccountId === undefined) {
    return [];
  }
  const { customerAwsAccountId, productCode, registrationIds } = state;
  const licenses = productCode === undefined ? [] : await subscriptions.licensesOf({ customerAwsAccountId, productCode });
  const others = licenses.filter((id) => id !== licenseId);
  const linked = new Set(registrationIds);
  // A registration that came before its license names none, and a license remembers its first and latest 20 only.
  return (await buyers.ofAccount(customerAwsAccountId)).filter((found) => found.licenseId === licenseId || linked.has(found.registrationId)
    || (found.licenseId === undefined && others.length === 0));
}

async function remove(registrations: readonly StoredBuyer[], { buyers, log }: BuyerDataDependencies): Promise<void> {
  for (const { registrationId } of registrations) {
    try {
      await buyers.remove(registrationId);
    } catch (error) {
      log.error('Data of a buyer could not be deleted', { registrationId, ...describeError(error) });
      throw error;
    }
  }
}
