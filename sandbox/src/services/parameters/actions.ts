import { arn, jsonBody, list, targetOperation, text, UnknownRequestError, type ActionMapper } from '../../iam/action-request';
import { secretArnOf } from '../../template/names';

export const ssmActions: ActionMapper = (request) => {
  const operation = targetOperation(request);
  const { Name, Names, Path } = jsonBody(request);
  const names = [Name, ...list(Names), Path].flatMap((name) => text(name) ?? []);
  if (names.length === 0) {
    throw new UnknownRequestError(`a request for ssm:${operation} names no parameter`);
  }
  return names.map((name) => ({
    action: `ssm:${operation}`,
    resource: name.startsWith('arn:') ? name : arn(request, 'ssm', `parameter/${(name.split(':')[0] ?? name).replace(/^\//, '')}`),
  }));
};

export const secretsManagerActions: ActionMapper = (request) => {
  const operation = targetOperation(request);
  const id = text(jsonBody(request).SecretId);
  if (id === undefined) {
    throw new UnknownRequestError(`a request for secretsmanager:${operation} names no secret`);
  }
  return [{ action: `secretsmanager:${operation}`, resource: id.startsWith('arn:') ? id : secretArnOf(request, id) }];
};
