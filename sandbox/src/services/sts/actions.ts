import { operationOf, text, type ActionMapper } from '../../iam/action-request';

export const stsActions: ActionMapper = (call) => {
  const operation = operationOf(call);
  if (operation === 'GetCallerIdentity') {
    return [];
  }
  const externalId = text(call.parameters.ExternalId);
  return [{
    action: `sts:${operation}`,
    resource: text(call.parameters.RoleArn) ?? '*',
    ...(externalId !== undefined && { context: { 'sts:ExternalId': externalId } }),
  }];
};
