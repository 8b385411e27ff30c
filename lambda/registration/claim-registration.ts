import * as z from 'zod/mini';
import type { RegistrationDependencies } from './dependencies';
import { markRegistered } from './mark-registered';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { CLAIM_GRACE_SECONDS, CODE_SECONDS, mayRepeatClaim } from '../domain/registration/session';
import type { SubscriptionStatus } from '../domain/subscription-directory';
import { isoTime } from '../domain/time';

const text = z.string().check(z.minLength(1), z.maxLength(200));
const request = z.object({ claimRegistration: z.object({ code: text, claimId: text }) });

/** The answer to the seller's backend for the code that came with the buyer. */
export interface ClaimedRegistration {
  readonly registrationId: string;
  /** Absent while AWS Marketplace has not named it: `Buyer Registered` with this registration id will. All members below `freeTrial` are absent then. */
  readonly licenseId?: string;
  readonly licenseArn?: string;
  readonly customerAwsAccountId: string;
  readonly productCode: string;
  /** What the buyer's browser sent: a hint, not proof. */
  readonly freeTrial: boolean;
  readonly agreementId?: string;
  readonly status?: SubscriptionStatus;
  /** Another registration of this license came first. It stays the first: of parallel ones, only one has `false` here. */
  readonly registeredBefore?: boolean;
  /** ISO 8601: when the first registration of this license was completed, this one included. */
  readonly firstRegisteredAt?: string;
}

export interface ClaimRefused {
  readonly error: { readonly code: 'INVALID_CODE' | 'INVALID_REQUEST'; readonly message: string };
}

/**
 * Redeems the one-time code of a buyer who was sent to the seller's own page, and marks the subscription
 * registered. A code has one claimant: the same claim id gets the answer again for a minute, so that a lost answer loses
 * no buyer, and any other claim id is refused.
 */
export async function claimRegistration(event: unknown, deps: RegistrationDependencies): Promise<ClaimedRegistration | ClaimRefused> {
  const parsed = request.safeParse(event);
  if (!parsed.success) {
    return {
      error: {
        code: 'INVALID_REQUEST',
        message: 'Send {"claimRegistration":{"code":"<the code parameter of the sign-up URL>","claimId":"<a new UUID for each buyer who arrives>"}}, '
          + 'each of 1 to 200 characters.',
      },
    };
  }
  const now = deps.clock.now();
  const { code, claimId } = parsed.data.claimRegistration;
  const claimed = await deps.registrations.claimCode(code, claimId, now);
  if (claimed === undefined || (claimed.repeated && !mayRepeatClaim(claimed.claimedAt, now))) {
    return {
      error: {
        code: 'INVALID_CODE',
        message: `The code is unknown, older than ${CODE_SECONDS} seconds, was claimed with another claimId, or with this one more than `
          + `${CLAIM_GRACE_SECONDS} seconds ago. The buyer gets a new code by "Set up your account" in AWS Marketplace.`,
      },
    };
  }
  const { session, claimedAt, repeated } = claimed;
  const { registrationId, customerAwsAccountId, productCode, freeTrialHint = false } = session;
  const { licenseId, state } = await markRegistered(session, session.registeredAt ?? claimedAt, deps) ?? {};
  // After the hosted page, the form has registered the buyer.
  deps.metrics.add(METRICS.BUYERS_REGISTERED, repeated || session.registeredAt !== undefined ? 0 : 1);
  deps.log.info('Registration claimed', { registrationId, licenseId, repeated });
  return defined({
    registrationId,
    licenseId,
    licenseArn: state?.licenseArn,
    customerAwsAccountId,
    productCode,
    freeTrial: freeTrialHint,
    agreementId: state?.agreementId,
    status: state?.status,
    registeredBefore: state && state.firstRegistrationId !== registrationId,
    firstRegisteredAt: state?.registeredAt === undefined ? undefined : isoTime(state.registeredAt),
  });
}
