import { SECOND_MS } from '../time';

/** A registration under way: from the token of AWS Marketplace, resolved, to the completed form or claimed code. */
export interface RegistrationSession {
  readonly registrationId: string;
  readonly customerAwsAccountId: string;
  readonly productCode: string;
  /** Absent while ResolveCustomer did not name it (docs/marketplace-facts.md#f-1-3). */
  readonly licenseId?: string;
  readonly licenseArn?: string;
  /** Epoch milliseconds. */
  readonly resolvedAt: number;
  /** Sent by the browser: a hint, never proof (docs/marketplace-facts.md#f-1-1). */
  readonly freeTrialHint?: boolean;
  /** This license was registered before. */
  readonly registeredBefore?: boolean;
  /** Epoch milliseconds: when it was, first. */
  readonly firstRegisteredAt?: number;
  /** Registration id of that time. */
  readonly firstRegistrationId?: string;
  /** Epoch milliseconds: when the subscription ended, if it had when this session began. */
  readonly endedAt?: number;
  /** Epoch milliseconds: when this one was completed. */
  readonly registeredAt?: number;
}

/** A buyer has this long to fill the form. */
export const SESSION_SECONDS = 3600;
/** When a license is registered again, what the former buyer entered is kept this long: the seller may still need both. */
export const FORMER_BUYER_SECONDS = 90 * 86_400;
/** The seller's sign-up page redeems its code on arrival. */
export const CODE_SECONDS = 600;
/** Who claimed a code gets the answer again for this long after the first claim, so that a lost answer loses no registration. */
export const CLAIM_GRACE_SECONDS = 60;

export function mayRepeatClaim(claimedAt: number, now: number): boolean {
  return now - claimedAt <= CLAIM_GRACE_SECONDS * SECOND_MS;
}
