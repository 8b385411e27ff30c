import type * as sellerRole from './seller-credentials';
import type { Clock } from '../../domain/clock';

/**
 * Credentials for every AWS Marketplace call, see `sellerCredentials`. The client of STS is loaded for the first call: most
 * integrations are in the seller account, and need none.
 *
 * @param region of the AWS Marketplace API
 * @returns a provider for the `credentials` of an SDK client, or undefined for the function's own
 */
export function wireSellerCredentials(
  region: string, clock: Clock, access: sellerRole.SellerAccess,
): (() => Promise<sellerRole.SellerCredentials>) | undefined {
  const { roleArn } = access;
  if (roleArn === undefined) {
    return undefined;
  }
  let provider: (() => Promise<sellerRole.SellerCredentials>) | undefined;
  return async () => {
    provider ??= createProvider(region, clock, { ...access, roleArn });
    return provider();
  };
}

function createProvider(region: string, clock: Clock, role: sellerRole.SellerRole): () => Promise<sellerRole.SellerCredentials> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of its own in the bundle
  const { createStsClient, sellerCredentials } = require('./seller-credentials') as typeof sellerRole;
  return sellerCredentials(createStsClient(region), clock, role);
}
