import type { HttpRequest } from '../../gateway/aws-call';
import type { SandboxService } from '../../wiring/service';
import { FAUXQS } from '../fauxqs';
import { s3Actions } from './actions';
import { S3Api } from './api';
import { BucketNotifications } from './notifications';
import { S3_TYPES } from './resources';

export const S3: SandboxService = {
  name: 's3',
  resources: S3_TYPES,
  lists: ['buckets'],
  apis: [{ name: 's3', format: 's3', operationOf, actions: s3Actions, faults: {} }],
  start: ({ core, services }) => {
    const { engine } = services.get(FAUXQS);
    return {
      handlers: { s3: new S3Api(engine, new BucketNotifications({ ...core, buckets: core.model.buckets })) },
      deploy: async () => {
        for (const bucket of core.model.buckets) {
          await engine().request({ method: 'PUT', url: `/${bucket.name}`, headers: {} });
        }
      },
    };
  },
};

const VERBS: Readonly<Record<string, string>> = { GET: 'Get', PUT: 'Put', DELETE: 'Delete', HEAD: 'Head', POST: 'Post' };

function operationOf({ headers, method, path, query }: HttpRequest): string {
  const [bucket, ...key] = path.split('/').filter(Boolean);
  if (bucket === undefined) {
    return 'ListBuckets';
  }
  if (key.length === 0 && method === 'GET') {
    return 'ListObjectsV2';
  }
  if (key.length === 0 && method === 'POST' && query.has('delete')) {
    return 'DeleteObjects';
  }
  if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) {
    return 'CopyObject';
  }
  return `${VERBS[method] ?? method}${key.length === 0 ? 'Bucket' : 'Object'}`;
}
