import { nameOrArn } from '../../arn';
import { callerArn, UnknownRequestError, type ActionMapper } from '../../iam/action-request';

const INVOKE = /^\/[\d-]+\/functions\/([^/?]+)\/(?:invocations|invoke-async|response-streaming-invocations)\/?$/;

export const lambdaActions: ActionMapper = (call, account) => {
  const { request } = call;
  const [, encoded] = INVOKE.exec(request.path) ?? [];
  if (encoded === undefined || request.method !== 'POST') {
    throw new UnknownRequestError(`the sandbox knows only the operation Invoke of lambda, not ${request.method} ${request.path}`);
  }
  const qualifier = request.query.get('Qualifier');
  const name = decodeURIComponent(encoded);
  const functionArn = nameOrArn(name, () => callerArn(call, account, 'lambda', `function:${name.replace(/^\d{12}:function:/, '')}`));
  return [{ action: 'lambda:InvokeFunction', resource: qualifier === null ? functionArn : `${functionArn}:${qualifier}` }];
};
