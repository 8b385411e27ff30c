import { arn, jsonBody, targetOperation, text, type ActionMapper } from '../../iam/action-request';

export const kmsActions: ActionMapper = (request) => {
  const key = text(jsonBody(request).KeyId);
  const resource = key === undefined || key.startsWith('arn:')
    ? key ?? '*'
    : arn(request, 'kms', key.startsWith('alias/') ? key : `key/${key}`);
  return [{ action: `kms:${targetOperation(request)}`, resource }];
};
