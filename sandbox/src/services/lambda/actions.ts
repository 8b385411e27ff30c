import { arn, UnknownRequestError, type ActionMapper } from '../../iam/action-request';

const INVOKE = /^\/[\d-]+\/functions\/([^/?]+)\/(?:invocations|invoke-async|response-streaming-invocations)\/?(?:\?(.*))?$/;

export const lambdaActions: ActionMapper = (request) => {
  const [, encoded, query] = INVOKE.exec(request.path) ?? [];
  if (encoded === undefined || request.method !== 'POST') {
    throw new UnknownRequestError(`the sandbox knows only the operation Invoke of lambda, not ${request.method} ${request.path}`);
  }
  const qualifier = new URLSearchParams(query).get('Qualifier');
  const name = decodeURIComponent(encoded);
  const functionArn = name.startsWith('arn:') ? name : arn(request, 'lambda', `function:${name.replace(/^\d{12}:function:/, '')}`);
  return [{ action: 'lambda:InvokeFunction', resource: qualifier === null ? functionArn : `${functionArn}:${qualifier}` }];
};
