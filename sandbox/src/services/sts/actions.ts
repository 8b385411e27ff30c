import { queryOperation, queryParameters, type ActionMapper } from '../../iam/action-request';

export const stsActions: ActionMapper = (request) => {
  const operation = queryOperation(request);
  if (operation === 'GetCallerIdentity') {
    return [];
  }
  const parameters = queryParameters(request);
  const externalId = parameters.get('ExternalId');
  return [{
    action: `sts:${operation}`,
    resource: parameters.get('RoleArn') ?? '*',
    ...(externalId !== null && { context: { 'sts:ExternalId': externalId } }),
  }];
};
