import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Env } from './names';
import { MarketplacePermissions, marketplaceStatement } from './private/marketplace-permissions';
import { checkExternalId, invalidProp } from './private/validate';

/**
 * Options of a role in the seller account.
 *
 * @example
 * SellerAccess.assumeRole('arn:aws:iam::111122223333:role/marketplace', { externalId: 'acme-production' });
 */
export interface AssumeSellerRoleOptions {
  /**
   * External id that the trust policy of the role requires: 2 to 1,224 letters, digits or `_+=,.@:/-`.
   *
   * @default - none
   */
  readonly externalId?: string;
}

/**
 * How the handlers call AWS Marketplace as the seller: it answers only the account that published the product.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-guidelines.html
 * @example
 * // The product runs in another account than the seller's.
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   sellerAccess: SellerAccess.assumeRole('arn:aws:iam::111122223333:role/marketplace', { externalId: 'acme-production' }),
 * });
 */
export class SellerAccess {
  /** The integration is deployed into the seller account itself. */
  public static sameAccount(): SellerAccess {
    return new SellerAccess();
  }

  /**
   * The handlers assume a role of the seller account for every AWS Marketplace call. `MarketplaceSellerAccount` creates one.
   *
   * @param roleArn ARN of the role in the seller account; a token is fine
   * @param options external id of the role
   */
  public static assumeRole(roleArn: string, options: AssumeSellerRoleOptions = {}): SellerAccess {
    if (!Token.isUnresolved(roleArn) && !/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/.test(roleArn)) {
      throw invalidProp('sellerAccess.roleArn', roleArn, 'give the ARN of an IAM role, such as arn:aws:iam::111122223333:role/seller');
    }
    const { externalId } = options;
    if (externalId !== undefined) {
      checkExternalId('sellerAccess.externalId', externalId);
    }
    return new SellerAccess(roleArn, externalId);
  }

  private constructor(private readonly roleArn?: string, private readonly externalId?: string) {}

  /** @internal */
  public _environment(): Record<string, string> {
    return {
      ...this.roleArn === undefined ? {} : { [Env.SELLER_ROLE_ARN]: this.roleArn },
      ...this.externalId === undefined ? {} : { [Env.SELLER_EXTERNAL_ID]: this.externalId },
    };
  }

  /**
   * Marketplace actions have no resource types, so `*` cannot be narrowed.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsmarketplacemeteringservice.html
   * @internal
   */
  public _statement(permissions: MarketplacePermissions): iam.PolicyStatement {
    return this.roleArn === undefined
      ? marketplaceStatement(permissions)
      : new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [this.roleArn] });
  }

  /**
   * Account of the seller role, where synthesis knows that it is another one.
   *
   * @internal
   */
  public _otherAccount(account: string): string | undefined {
    if (this.roleArn === undefined || Token.isUnresolved(this.roleArn) || Token.isUnresolved(account)) {
      return undefined;
    }
    const seller = this.roleArn.split(':')[4];
    return seller === account ? undefined : seller;
  }
}
