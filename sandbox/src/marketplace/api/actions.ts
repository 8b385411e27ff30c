import { targetOperation, type ActionMapper } from '../../iam/action-request';

const AGREEMENT_TARGET = 'AWSMPCommerceService';

/** Metering, entitlement and agreement share a prefix, and know no resources (facts 7.1). */
export const marketplaceActions: ActionMapper = (request) => [{
  action: `aws-marketplace:${targetOperation(request)}`,
  resource: '*',
  ...(request.headers['x-amz-target']?.startsWith(AGREEMENT_TARGET) === true && {
    context: { 'aws-marketplace:PartyType': 'Proposer', 'aws-marketplace:AgreementType': ['PurchaseAgreement'] },
  }),
}];
