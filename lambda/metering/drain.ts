import { type BucketWork, type Progress, type Ready } from './bucket-work';
import type { LicenseCache } from './license-cache';
import type { MeteringOptions } from './options';
import type { RunState } from './run-state';
import type { Sender } from './sender';
import { describeError } from '../adapters/logging';
import { MAX_RECORDS } from '../domain/usage/batching';
import { mapBounded } from '../domain/usage/bounded';
import { type Bucket, bucketId } from '../domain/usage/bucket';

export interface DrainTools {
  readonly work: BucketWork;
  readonly sender: Sender;
  readonly licenses: LicenseCache;
  /** Asked before each group of buckets; false: leave the rest. */
  readonly mayGoOn: () => Promise<boolean>;
}

/**
 * Works off a stream of buckets: groups of them are prepared, and what is ready is sent in full calls. Several lanes
 * take turns on the stream, so that the next call is ready when the pace allows it; memory holds a few groups.
 */
export class Drain {
  private readonly ready: Ready[] = [];
  private stopped = false;
  private pulling: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: MeteringOptions, private readonly run: RunState, private readonly tools: DrainTools) {}

  /** False when time ran out, or the lease was lost, before the stream was through. */
  async all(buckets: AsyncIterable<Bucket>): Promise<boolean> {
    const stream = buckets[Symbol.asyncIterator]();
    await Promise.all(Array.from({ length: this.options.lanes }, async () => this.lane(stream)));
    while (this.ready.length > 0) await this.tools.sender.send(this.ready.splice(0, MAX_RECORDS));
    return !this.stopped;
  }

  private async lane(stream: AsyncIterator<Bucket>): Promise<void> {
    for (;;) {
      const group = await this.pull(stream);
      if (group.length === 0) return;
      if (this.stopped || !await this.tools.mayGoOn()) {
        this.stopped = true;
        group.forEach((bucket) => this.run.leave(bucket));
        return;
      }
      this.ready.push(...await this.prepare(group));
      while (this.ready.length >= MAX_RECORDS) await this.tools.sender.send(this.ready.splice(0, MAX_RECORDS));
    }
  }

  /** Lanes pull one after the other: an iterator serves one at a time. */
  private async pull(stream: AsyncIterator<Bucket>): Promise<Bucket[]> {
    const pulled = this.pulling.then(async () => {
      const group: Bucket[] = [];
      while (group.length < MAX_RECORDS) {
        const next = await stream.next();
        if (next.done) break;
        group.push(next.value);
      }
      return group;
    });
    this.pulling = pulled.catch(() => undefined);
    return pulled;
  }

  private async prepare(group: readonly Bucket[]): Promise<Ready[]> {
    const metas = await this.options.ledger.readMetas(group);
    const progress = await mapBounded(group, this.options.concurrency, async (bucket): Promise<Progress> => {
      const meta = metas.get(bucketId(bucket));
      if (!meta) return { kind: 'SETTLED' };
      try {
        return await this.tools.work.advance(bucket, await this.tools.licenses.get(bucket.licenseId), meta);
      } catch (error) {
        this.options.log.error('A license could not be read', { licenseId: bucket.licenseId, ...describeError(error) });
        return { kind: 'LEFT' };
      }
    });
    progress.forEach((each, index) => {
      if (each.kind === 'LEFT') this.run.leave(group[index]);
      if (each.kind === 'HELD') this.run.wait(group[index], each.reason);
    });
    return progress.flatMap((each) => (each.kind === 'READY' ? [each.ready] : []));
  }
}
