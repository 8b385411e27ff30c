import { callerArn, jsonBody, operationOf, text, type ActionMapper } from '../../iam/action-request';

export const logsActions: ActionMapper = (call, account) => {
  const operation = operationOf(call);
  const body = jsonBody(call);
  const group = text(body.logGroupName);
  const stream = text(body.logStreamName);
  const resource = group === undefined ? '*' : callerArn(call, account, 'logs', `log-group:${group}:${stream === undefined ? '' : `log-stream:${stream}`}`);
  return [{ action: `logs:${operation}`, resource }];
};

export const cloudWatchActions: ActionMapper = (call) => [{ action: `cloudwatch:${operationOf(call)}`, resource: '*' }];
