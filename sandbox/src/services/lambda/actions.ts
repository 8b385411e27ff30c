import { lambdaOperation } from './api';
import { functionArn, nameOrArn } from '../../arn';
import { callerArn, UnknownRequestError, type ActionMapper } from '../../iam/action-request';

export const lambdaActions: ActionMapper = (call, account) => {
  const { request } = call;
  const known = lambdaOperation(request);
  if (known === undefined) {
    throw new UnknownRequestError(`the sandbox knows no operation of lambda for ${request.method} ${request.path}`);
  }
  const { operation, reference } = known;
  if (operation.endsWith('EventSourceMapping')) {
    return [{ action: `lambda:${operation}`, resource: nameOrArn(reference, () => callerArn(call, account, 'lambda', `event-source-mapping:${reference}`)) }];
  }
  const fn = functionArn(reference, { account, region: call.region });
  const qualifier = request.query.get('Qualifier');
  return [operation === 'Invoke'
    ? { action: 'lambda:InvokeFunction', resource: qualifier === null ? fn : `${fn}:${qualifier}` }
    : { action: `lambda:${operation}`, resource: fn }];
};
