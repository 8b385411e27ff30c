import { queryOperation, queryParameters, type ActionMapper } from './request';

export const snsActions: ActionMapper = (request) => {
  const operation = queryOperation(request);
  const parameters = queryParameters(request);
  return [{
    action: `sns:${operation === 'PublishBatch' ? 'Publish' : operation}`,
    resource: parameters.get('TopicArn') ?? parameters.get('TargetArn') ?? '*',
  }];
};
