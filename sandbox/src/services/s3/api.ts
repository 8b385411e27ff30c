import { deletedKeys } from './actions';
import type { BucketNotifications } from './notifications';
import { objectUrl } from './objects';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import { Fauxqs } from '../fauxqs/fauxqs';

/** Parts of requests that concern something else than the content of an object. */
const NO_CONTENT = ['acl', 'legal-hold', 'partNumber', 'restore', 'retention', 'select', 'tagging', 'uploads'];

/** A change that a request makes, if the engine takes it. */
interface ExpectedChange {
  readonly key: string;
  readonly event: string;
  readonly operation: string;
}

/** S3: the engine answers. */
export class S3Api implements ApiHandler {
  constructor(private readonly engine: () => Fauxqs, private readonly notifications: BucketNotifications) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    const { request, url } = call;
    const { host: _host, ...headers } = request.headers;
    const [, bucket = ''] = request.path.split('/');
    const changes = changesOf(call);
    // What is not there is not removed.
    const removed = await Promise.all(changes.filter(isRemoval).map(async (change) => [change, await this.head(bucket, change.key)] as const));
    const answer = await this.engine().request({ method: request.method, url, headers, body: request.body });
    if (answer.status < 300) {
      removed.filter(([, before]) => before).forEach(([change]) => this.notifications.report({ bucket, ...change }));
      for (const change of changes.filter((candidate) => !isRemoval(candidate))) {
        this.notifications.report({ bucket, ...change, ...await this.head(bucket, change.key) });
      }
    }
    return answer;
  }

  private async head(bucket: string, key: string): Promise<{ readonly size: number; readonly etag: string } | undefined> {
    const { status, headers } = await this.engine().request({ method: 'HEAD', url: objectUrl(bucket, key), headers: {} });
    return status < 300 ? { size: Number(headers['content-length'] ?? 0), etag: (headers.etag ?? '').replaceAll('"', '') } : undefined;
  }
}

function isRemoval({ event }: ExpectedChange): boolean {
  return event.startsWith('ObjectRemoved');
}

function changesOf(call: AwsCall): ExpectedChange[] {
  const { method, path, query } = call.request;
  const [, encoded = ''] = /^\/[^/]+\/(.+)$/s.exec(path) ?? [];
  const key = decodeURIComponent(encoded);
  if (NO_CONTENT.some((name) => query.has(name))) {
    return [];
  }
  if (key === '') {
    return method === 'POST' && query.has('delete') ? deletedKeys(call).map((deleted) => ({ key: deleted, event: 'ObjectRemoved:Delete', operation: 'DeleteObject' })) : [];
  }
  switch (method) {
    case 'PUT': return [call.request.headers['x-amz-copy-source'] === undefined
      ? { key, event: 'ObjectCreated:Put', operation: 'PutObject' }
      : { key, event: 'ObjectCreated:Copy', operation: 'CopyObject' }];
    case 'POST': return query.has('uploadId') ? [{ key, event: 'ObjectCreated:CompleteMultipartUpload', operation: 'CompleteMultipartUpload' }] : [];
    case 'DELETE': return query.has('uploadId') ? [] : [{ key, event: 'ObjectRemoved:Delete', operation: 'DeleteObject' }];
    default: return [];
  }
}
