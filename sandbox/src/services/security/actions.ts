import { nameOrArn } from '../../arn';
import { callerArn, jsonBody, operationOf, text, type ActionMapper } from '../../iam/action-request';

export const kmsActions: ActionMapper = (call, account) => {
  const key = text(jsonBody(call).KeyId);
  const resource = key === undefined ? '*' : nameOrArn(key, (name) => callerArn(call, account, 'kms', name.startsWith('alias/') ? name : `key/${name}`));
  return [{ action: `kms:${operationOf(call)}`, resource }];
};
