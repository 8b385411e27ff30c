import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { timeoutOf } from './client-limits';
import type { Clock } from '../../domain/clock';
import { defined } from '../../domain/defined';
import { MINUTE_MS, SECOND_MS } from '../../domain/time';

/** Credentials are renewed this long before they expire, so that they outlive the call that uses them. */
const RENEW_BEFORE_MS = 5 * MINUTE_MS;
const SESSION_SECONDS = 3600;

/** What an SDK client takes as its credentials. */
export interface SellerCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Of one attempt, of which there are two: a buyer, or the end of a metering run, waits for it. */
const STS_TIMEOUT_MS = 3 * SECOND_MS;

export interface SellerAccess {
  /** Role in the seller account; undefined: the function's own role is in the seller account. */
  readonly roleArn: string | undefined;
  readonly externalId: string | undefined;
}

/** The function's own role is in another account. */
export type SellerRole = SellerAccess & { readonly roleArn: string };

/**
 * STS where the Marketplace API is, not in the function's own region: STS answers an AssumeRole only in regions that are
 * active in the account of the *role*, and a seller account that uses the API has that region
 * (docs/marketplace-facts.md#f-11-6).
 */
export function createStsClient(marketplaceRegion: string): STSClient {
  return new STSClient({ region: marketplaceRegion, ...timeoutOf(STS_TIMEOUT_MS) });
}

/**
 * Credentials for every AWS Marketplace call: these must be made as the account that published the product
 * (docs/marketplace-facts.md#f-7-2).
 *
 * @returns a provider for the `credentials` of an SDK client
 */
export function sellerCredentials(sts: STSClient, clock: Clock, { roleArn, externalId }: SellerRole): () => Promise<SellerCredentials> {
  let cached: SellerCredentials | undefined;
  return async () => {
    if (cached?.expiration !== undefined && cached.expiration.getTime() - RENEW_BEFORE_MS > clock.now()) {
      return cached;
    }
    const { Credentials: fresh } = await sts.send(new AssumeRoleCommand(defined({
      RoleArn: roleArn,
      RoleSessionName: 'marketplace-saas',
      DurationSeconds: SESSION_SECONDS,
      ExternalId: externalId,
    })));
    if (fresh?.AccessKeyId === undefined || fresh.SecretAccessKey === undefined) {
      throw new Error(`AssumeRole of ${roleArn} answered without credentials`);
    }
    cached = defined({
      accessKeyId: fresh.AccessKeyId,
      secretAccessKey: fresh.SecretAccessKey,
      sessionToken: fresh.SessionToken,
      expiration: fresh.Expiration,
    });
    return cached;
  };
}
