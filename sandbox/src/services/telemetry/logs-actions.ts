import { arn, jsonBody, targetOperation, text, type ActionMapper } from '../../iam/action-request';

export const logsActions: ActionMapper = (request) => {
  const operation = targetOperation(request);
  const body = jsonBody(request);
  const group = text(body.logGroupName);
  const stream = text(body.logStreamName);
  const resource = group === undefined ? '*' : arn(request, 'logs', `log-group:${group}:${stream === undefined ? '' : `log-stream:${stream}`}`);
  return [{ action: `logs:${operation}`, resource }];
};
