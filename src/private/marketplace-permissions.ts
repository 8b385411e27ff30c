import * as iam from 'aws-cdk-lib/aws-iam';

/** AWS Marketplace actions; none of them has resource types. */
export interface MarketplacePermissions {
  readonly actions: string[];
  readonly conditions?: iam.Conditions;
}

/**
 * Reads the seller's own agreements, to repair and to rebuild subscriptions, and their terms for free trials. The conditions are those of AWS's managed policies
 * (docs/marketplace-facts.md#f-7-1).
 */
export const READ_AGREEMENTS: MarketplacePermissions = {
  actions: ['aws-marketplace:SearchAgreements', 'aws-marketplace:DescribeAgreement', 'aws-marketplace:GetAgreementTerms'],
  conditions: {
    'StringEquals': { 'aws-marketplace:PartyType': 'Proposer' },
    'ForAllValues:StringEquals': { 'aws-marketplace:AgreementType': ['PurchaseAgreement'] },
  },
};

/** Reads what the buyers of contracts are entitled to. */
export const READ_ENTITLEMENTS: MarketplacePermissions = { actions: ['aws-marketplace:GetEntitlements'] };

export function marketplaceStatement({ actions, conditions }: MarketplacePermissions): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources: ['*'], ...conditions && { conditions } });
}
