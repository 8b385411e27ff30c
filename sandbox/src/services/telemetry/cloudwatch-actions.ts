import { queryParameters, UnknownRequestError, type ActionMapper } from '../../iam/action-request';

/** Speaks AWS JSON, RPC v2 CBOR (operation in the path) and AWS Query. */
export const cloudWatchActions: ActionMapper = (request) => {
  const operation = request.headers['x-amz-target']?.split('.').at(-1)
    ?? /^\/service\/[^/]+\/operation\/(\w+)/.exec(request.path)?.[1]
    ?? queryParameters(request).get('Action');
  if (operation === null) {
    throw new UnknownRequestError('a request to cloudwatch names no operation');
  }
  return [{ action: `cloudwatch:${operation}`, resource: '*' }];
};
