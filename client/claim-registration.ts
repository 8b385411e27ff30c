/** `Lambda` of `@aws-sdk/client-lambda`. */
export interface RegistrationClient {
  invoke(input: { FunctionName: string; Payload: string }): Promise<{ readonly FunctionError?: string; readonly Payload?: Uint8Array }>;
}

/** The buyer who arrived with the code. docs/registration.md explains each member. */
export interface ClaimedRegistration {
  readonly registrationId: string;
  /** Absent while AWS Marketplace has not named it: `Buyer Registered` with this registration id will. */
  readonly licenseId?: string;
  readonly licenseArn?: string;
  readonly customerAwsAccountId: string;
  readonly productCode: string;
  /** What the buyer's browser sent: a hint, not proof. */
  readonly freeTrial: boolean;
  readonly agreementId?: string;
  readonly status?: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /** Another registration of this license came first: ask this buyer to log in as its owner. */
  readonly registeredBefore?: boolean;
  readonly firstRegisteredAt?: string;
}

/** The code gives no registration. */
export interface ClaimRefused {
  readonly error: { readonly code: 'INVALID_CODE' | 'INVALID_REQUEST'; readonly message: string };
}

/**
 * Redeems the one-time code of a buyer who arrived at your own sign-up page. A claim whose answer was lost may be sent again with
 * the same `claimId` for a minute.
 *
 * @param lambda `new Lambda({})` of `@aws-sdk/client-lambda`
 * @param functionName name or ARN of `registrationFunction`
 * @param claim the code of the sign-up URL, and an id of yours: a new UUID for each arrival of a buyer
 * @throws Error if the function failed: claim again with the same `claimId`
 */
export async function claimRegistration(lambda: RegistrationClient, functionName: string, claim: { readonly code: string; readonly claimId: string }):
Promise<ClaimedRegistration | ClaimRefused> {
  const { FunctionError: failure, Payload: payload } = await lambda.invoke({
    FunctionName: functionName, Payload: JSON.stringify({ claimRegistration: { code: claim.code, claimId: claim.claimId } }),
  });
  if (failure !== undefined || payload === undefined) {
    throw new Error(`The registration function failed (${failure ?? 'no answer'}): claim again with the same claimId, within a minute`);
  }
  return JSON.parse(Buffer.from(payload).toString('utf8')) as ClaimedRegistration | ClaimRefused;
}
