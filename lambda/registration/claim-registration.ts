import * as z from 'zod';
import type { RegistrationDependencies } from './dependencies';
import { markRegistered } from './mark-registered';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { CLAIM_GRACE_SECONDS, CODE_SECONDS, mayRepeatClaim } from '../domain/registration/session';

const request = z.object({ claimRegistration: z.object({ code: z.string().min(1).max(200) }) });

/** The answer to the seller's backend for the code that came with the buyer. */
export interface ClaimedRegistration {
  readonly registrationId: string;
  /** Absent while AWS Marketplace has not named it: `Buyer Registered` with this registration id will. */
  readonly licenseId?: string;
  readonly licenseArn?: string;
  readonly customerAwsAccountId: string;
  readonly productCode: string;
  /** What the buyer's browser sent: a hint, not proof. */
  readonly freeTrial: boolean;
}

export interface ClaimRefused {
  readonly error: { readonly code: 'INVALID_CODE' | 'INVALID_REQUEST'; readonly message: string };
}

/**
 * Redeems the one-time code of a buyer who was sent to the seller's own sign-up page, and marks the subscription
 * registered. Repeating a claim within a minute gives the same answer, so that a lost answer loses no buyer.
 */
export async function claimRegistration(event: unknown, deps: RegistrationDependencies): Promise<ClaimedRegistration | ClaimRefused> {
  const parsed = request.safeParse(event);
  if (!parsed.success) {
    return { error: { code: 'INVALID_REQUEST', message: 'Send {"claimRegistration":{"code":"<the code parameter of the sign-up URL>"}}.' } };
  }
  const now = deps.clock.now();
  const claimed = await deps.registrations.claimCode(parsed.data.claimRegistration.code, now);
  if (claimed === undefined || (claimed.repeated && !mayRepeatClaim(claimed.claimedAt, now))) {
    return {
      error: {
        code: 'INVALID_CODE',
        message: `The code is unknown, older than ${CODE_SECONDS} seconds, or was claimed more than ${CLAIM_GRACE_SECONDS} seconds ago. `
          + 'The buyer gets a new one by "Set up your account" in AWS Marketplace.',
      },
    };
  }
  const { session, claimedAt, repeated } = claimed;
  const { registrationId, customerAwsAccountId, productCode, freeTrialHint = false } = session;
  const { licenseId, state } = await markRegistered(session, claimedAt, deps) ?? {};
  deps.metrics.add(METRICS.BUYERS_REGISTERED, repeated ? 0 : 1);
  deps.log.info('Registration claimed', { registrationId, licenseId, repeated });
  return defined({ registrationId, licenseId, licenseArn: state?.licenseArn, customerAwsAccountId, productCode, freeTrial: freeTrialHint });
}
