import { keysIn } from './objects';
import { partitionOf } from '../../arn';
import type { AwsCall } from '../../gateway/aws-call';
import { UnknownRequestError, type ActionMapper } from '../../iam/action-request';
import type { AccessRequest } from '../../iam/evaluate';

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
export const s3Actions: ActionMapper = (call) => {
  const { request } = call;
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)/s.exec(request.path) ?? [];
  if (bucket === '') {
    return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  }
  if (key === '') {
    return request.method === 'POST' && request.query.has('delete')
      ? deletedKeys(call).map((deleted) => access(call, 'DeleteObject', `${bucket}/${deleted}`))
      : [access(call, BUCKET_ACTIONS[request.method] ?? unknown(request.method), bucket)];
  }
  const object = `${bucket}/${decodeURIComponent(key)}`;
  if (request.method === 'DELETE' && request.query.has('uploadId')) {
    return [access(call, 'AbortMultipartUpload', object)];
  }
  const source = request.headers['x-amz-copy-source'];
  return [
    ...source === undefined ? [] : [access(call, 'GetObject', decodeURIComponent(source.split('?')[0]).replace(/^\//, ''))],
    access(call, OBJECT_ACTIONS[request.method] ?? unknown(request.method), object),
  ];
};

function access(call: AwsCall, operation: string, path: string): AccessRequest {
  return { action: `s3:${operation}`, resource: `arn:${partitionOf(call.region)}:s3:::${path}` };
}

/** Keys in the body of DeleteObjects. */
export function deletedKeys({ request }: AwsCall): string[] {
  return keysIn(request.body);
}

function unknown(method: string): never {
  throw new UnknownRequestError(`the sandbox does not know what ${method} does in s3`);
}
