import { operationOf, text, type ActionMapper } from '../../iam/action-request';

export const snsActions: ActionMapper = (call) => {
  const operation = operationOf(call);
  return [{
    action: `sns:${operation === 'PublishBatch' ? 'Publish' : operation}`,
    resource: text(call.parameters.TopicArn) ?? text(call.parameters.TargetArn) ?? '*',
  }];
};
