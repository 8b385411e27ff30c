import { type MarketplaceMeteringClient, ResolveCustomerCommand } from '@aws-sdk/client-marketplace-metering';

/** Who a registration token stands for. */
export interface ResolvedCustomer {
  readonly customerAwsAccountId: string;
  readonly productCode: string;
  /** May be missing at first (docs/marketplace-facts.md#f-1-3). */
  readonly licenseArn?: string;
  /** Empty on new products (docs/marketplace-facts.md#f-2-1). */
  readonly customerIdentifier?: string;
}

export interface CustomerResolver {
  /**
   * @throws TokenRefusedError when the buyer has to get a new token; any other error is AWS's or ours, and may pass
   */
  resolve(registrationToken: string): Promise<ResolvedCustomer>;
}

export class TokenRefusedError extends Error {
  constructor(readonly reason: 'EXPIRED' | 'INVALID') {
    super(`Registration token is ${reason.toLowerCase()}`);
    this.name = 'TokenRefusedError';
  }
}

/** ResolveCustomer, as the account that published the product. */
export class MarketplaceResolver implements CustomerResolver {
  constructor(private readonly client: MarketplaceMeteringClient) {}

  async resolve(registrationToken: string): Promise<ResolvedCustomer> {
    const answer = await this.call(registrationToken);
    const { CustomerAWSAccountId: customerAwsAccountId, ProductCode: productCode } = answer;
    if (!customerAwsAccountId || !productCode) {
      throw new Error(`ResolveCustomer answered without ${customerAwsAccountId ? 'ProductCode' : 'CustomerAWSAccountId'}`);
    }
    return {
      customerAwsAccountId,
      productCode,
      ...(answer.LicenseArn ? { licenseArn: answer.LicenseArn } : {}),
      ...(answer.CustomerIdentifier ? { customerIdentifier: answer.CustomerIdentifier } : {}),
    };
  }

  private async call(registrationToken: string) {
    try {
      return await this.client.send(new ResolveCustomerCommand({ RegistrationToken: registrationToken }));
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'InvalidTokenException' || name === 'ExpiredTokenException') {
        throw new TokenRefusedError(name === 'ExpiredTokenException' ? 'EXPIRED' : 'INVALID');
      }
      throw error;
    }
  }
}
