import { operationOf, type ActionMapper } from '../../iam/action-request';

/** Metering, entitlement and agreement share a prefix, and have no resources: docs/marketplace-facts.md#f-7-1. */
export const marketplaceActions: ActionMapper = (call) => [{
  action: `aws-marketplace:${operationOf(call)}`,
  resource: '*',
  ...(call.service === 'agreement' && {
    context: { 'aws-marketplace:PartyType': 'Proposer', 'aws-marketplace:AgreementType': ['PurchaseAgreement'] },
  }),
}];
