import { type MarketplaceMeteringClient, ResolveCustomerCommand } from '@aws-sdk/client-marketplace-metering';
import { defined } from '../../domain/defined';
import { type CustomerResolver, type ResolvedCustomer, TokenRefusedError } from '../../domain/registration/ports';

/** The token is at fault, and trying again never helps. Anyone can post a malformed one, which must set off no alarm. */
const REFUSALS: ReadonlySet<string> = new Set(['InvalidTokenException', 'ExpiredTokenException', 'ValidationException', 'SerializationException']);

/** ResolveCustomer, as the account that published the product. */
export class MarketplaceResolver implements CustomerResolver {
  constructor(private readonly client: MarketplaceMeteringClient) {}

  async resolve(registrationToken: string): Promise<ResolvedCustomer> {
    const answer = await this.call(registrationToken);
    const { CustomerAWSAccountId: customerAwsAccountId, ProductCode: productCode } = answer;
    if (!customerAwsAccountId || !productCode) {
      throw new Error(`ResolveCustomer answered without ${customerAwsAccountId ? 'ProductCode' : 'CustomerAWSAccountId'}`);
    }
    return defined({
      customerAwsAccountId,
      productCode,
      licenseArn: answer.LicenseArn || undefined,
      customerIdentifier: answer.CustomerIdentifier || undefined,
    });
  }

  private async call(registrationToken: string) {
    try {
      return await this.client.send(new ResolveCustomerCommand({ RegistrationToken: registrationToken }));
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (REFUSALS.has(name)) {
        throw new TokenRefusedError(name === 'ExpiredTokenException' ? 'EXPIRED' : 'INVALID');
      }
      throw error;
    }
  }
}
