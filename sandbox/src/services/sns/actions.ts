import { queryOperation, queryParameters, type ActionMapper } from '../../iam/action-request';

export const snsActions: ActionMapper = (request) => {
  const operation = queryOperation(request);
  const parameters = queryParameters(request);
  return [{
    action: `sns:${operation === 'PublishBatch' ? 'Publish' : operation}`,
    resource: parameters.get('TopicArn') ?? parameters.get('TargetArn') ?? '*',
  }];
};
