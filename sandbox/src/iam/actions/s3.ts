import { UnknownRequestError, type ActionMapper } from './request';

const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  DELETE: 'DeleteObject',
  GET: 'GetObject',
  HEAD: 'GetObject',
  POST: 'PutObject',
  PUT: 'PutObject',
};

const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  DELETE: 'DeleteBucket',
  GET: 'ListBucket',
  HEAD: 'ListBucket',
  PUT: 'CreateBucket',
};

/** Path-style requests: the sandbox's endpoint has no names below it. */
export const s3Actions: ActionMapper = (request) => {
  const [, bucket = '', key = ''] = /^\/([^/?]*)\/?([^?]*)/.exec(request.path) ?? [];
  if (bucket === '') {
    return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  }
  if (key !== '') {
    return [{ action: `s3:${OBJECT_ACTIONS[request.method] ?? unknown(request.method)}`, resource: `arn:aws:s3:::${bucket}/${decodeURIComponent(key)}` }];
  }
  return [{ action: `s3:${BUCKET_ACTIONS[request.method] ?? unknown(request.method)}`, resource: `arn:aws:s3:::${bucket}` }];
};

function unknown(method: string): never {
  throw new UnknownRequestError(`the sandbox does not know what ${method} does in s3`);
}
