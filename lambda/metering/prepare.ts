import type { BucketWork, Progress, Ready } from './bucket-work';
import type { LicenseCache } from './license-cache';
import type { MeteringOptions } from './options';
import type { RunState } from './run-state';
import { describeError } from '../adapters/aws/logging';
import { mapBounded } from '../domain/bounded';
import { type Bucket, bucketId } from '../domain/usage/ledger/bucket';
import type { BucketMeta } from '../domain/usage/ledger/ledger';

export interface PrepareTools {
  readonly work: BucketWork;
  readonly licenses: LicenseCache;
}

/** Does what a group of due buckets needs, and answers those that are to be sent. What cannot be read is left to a later run. */
export async function prepare(options: MeteringOptions, run: RunState, { work, licenses }: PrepareTools, group: readonly Bucket[]): Promise<Ready[]> {
  let metas: ReadonlyMap<string, BucketMeta>;
  try {
    metas = await options.ledger.readMetas(group);
  } catch (error) {
    options.log.error('Buckets could not be read, a later run tries again', { buckets: group.length, ...describeError(error) });
    return [];
  }
  const progress = await mapBounded(group, options.concurrency, async (bucket): Promise<Progress> => {
    const meta = metas.get(bucketId(bucket));
    if (!meta) {
      return { kind: 'SETTLED' };
    }
    try {
      return await work.advance(bucket, await licenses.get(bucket.licenseId), meta);
    } catch (error) {
      options.log.error('A license could not be read', { licenseId: bucket.licenseId, ...describeError(error) });
      return { kind: 'LEFT' };
    }
  });
  for (const each of progress) {
    if (each.kind === 'HELD') {
      run.wait(each.reason);
    }
  }
  return progress.flatMap((each) => (each.kind === 'READY' ? [each.ready] : []));
}
