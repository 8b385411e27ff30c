import { lambdaOperation } from './api';
import { nameOrArn } from '../../arn';
import { callerArn, UnknownRequestError, type ActionMapper } from '../../iam/action-request';

const INVOKE = /^\/[\d-]+\/functions\/([^/?]+)\/(?:invocations|invoke-async|response-streaming-invocations)\/?$/;

export const lambdaActions: ActionMapper = (call, account) => {
  const { request } = call;
  const [, encoded] = INVOKE.exec(request.path) ?? [];
  if (encoded === undefined || request.method !== 'POST') {
    return switchActions(call, account);
  }
  const qualifier = request.query.get('Qualifier');
  const name = decodeURIComponent(encoded);
  const functionArn = nameOrArn(name, () => callerArn(call, account, 'lambda', `function:${name.replace(/^\d{12}:function:/, '')}`));
  return [{ action: 'lambda:InvokeFunction', resource: qualifier === null ? functionArn : `${functionArn}:${qualifier}` }];
};

/** Operations that stop and start a function or an event source mapping. */
const switchActions: ActionMapper = (call, account) => {
  const { request } = call;
  const known = lambdaOperation(request);
  if (known === undefined) {
    throw new UnknownRequestError(`the sandbox knows no operation of lambda for ${request.method} ${request.path}`);
  }
  const { operation, reference } = known;
  const kind = operation.endsWith('EventSourceMapping') ? 'event-source-mapping' : 'function';
  return [{ action: `lambda:${operation}`, resource: nameOrArn(reference, () => callerArn(call, account, 'lambda', `${kind}:${reference}`)) }];
};
