import { secretArnOf, wholeSecretArn } from './secret-arn';
import { nameOrArn } from '../../arn';
import { callerArn, jsonBody, list, operationOf, text, UnknownRequestError, type ActionMapper } from '../../iam/action-request';

export const ssmActions: ActionMapper = (call, account) => {
  const operation = operationOf(call);
  const { Name, Names, Path } = jsonBody(call);
  if (operation === 'DescribeParameters') {
    return [{ action: 'ssm:DescribeParameters', resource: callerArn(call, account, 'ssm', '*') }];
  }
  const names = [Name, ...list(Names), Path].flatMap((name) => text(name) ?? []);
  if (names.length === 0) {
    throw new UnknownRequestError(`a request for ssm:${operation} names no parameter`);
  }
  return names.map((name) => ({
    action: `ssm:${operation}`,
    resource: nameOrArn(name, () => callerArn(call, account, 'ssm', `parameter/${(name.split(':')[0] ?? name).replace(/^\//, '')}`)),
  }));
};

export const secretsManagerActions: ActionMapper = (call, account) => {
  const operation = operationOf(call);
  const { SecretId, SecretIdList } = jsonBody(call);
  const resourceOf = (id: string) => wholeSecretArn(nameOrArn(id, (name) => secretArnOf({ account, region: call.region }, name)));
  if (operation === 'ListSecrets') {
    return [{ action: 'secretsmanager:ListSecrets', resource: '*' }];
  }
  if (operation === 'BatchGetSecretValue') {
    return [
      { action: 'secretsmanager:BatchGetSecretValue', resource: '*' },
      ...list(SecretIdList).flatMap((id) => text(id) ?? []).map((id) => ({ action: 'secretsmanager:GetSecretValue', resource: resourceOf(id) })),
    ];
  }
  const id = text(SecretId);
  if (id === undefined) {
    throw new UnknownRequestError(`a request for secretsmanager:${operation} names no secret`);
  }
  return [{ action: `secretsmanager:${operation}`, resource: resourceOf(id) }];
};
