import type { BucketWork, Progress, Ready } from './bucket';
import type { Circuits } from './circuits';
import type { MeteringDependencies } from './dependencies';
import type { LicenseCache } from './license-cache';
import type { RunState } from './run-state';
import type { Submit } from './submit';
import { mapBounded } from '../domain/bounded';
import { describeError } from '../domain/describe-error';
import type { Log } from '../domain/ports';
import { MAX_RECORDS } from '../domain/usage/ledger/batching';
import { type Bucket, bucketId } from '../domain/usage/ledger/bucket';
import type { BucketMeta } from '../domain/usage/ledger/ledger';

/** What the streams of one run share. */
export interface RunParts {
  readonly run: RunState;
  readonly work: BucketWork;
  readonly licenses: LicenseCache;
  readonly circuits: Circuits;
  readonly submit: Submit;
}

/** Does what the bucket needs now. A license that cannot be read leaves its bucket to a later run. */
export async function advance(log: Log, { work, licenses }: RunParts, bucket: Bucket, meta?: BucketMeta): Promise<Progress> {
  try {
    return await work.advance(bucket, await licenses.get(bucket.licenseId), meta);
  } catch (error) {
    log.error('A license could not be read', { licenseId: bucket.licenseId, ...describeError(error) });
    return { kind: 'LEFT' };
  }
}

/**
 * Works through a stream of buckets: advances groups of them, and sends what is ready in full calls. Several lanes share the
 * stream, so that the next call is ready when the pace allows it; memory has room for a few groups.
 */
export class Drain {
  private ready: Ready[] = [];
  private stopped = false;
  private pulling: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: MeteringDependencies, private readonly parts: RunParts) {}

  /** False when time ran out before the stream ended. */
  async all(buckets: AsyncIterable<Bucket>): Promise<boolean> {
    const stream = buckets[Symbol.asyncIterator]();
    // when one lane fails, the others end what they have begun: an invocation that ends must not leave calls under way
    const lanes = await Promise.allSettled(Array.from({ length: this.deps.lanes }, async () => this.lane(stream)));
    while (this.ready.length > 0) {
      await this.send();
    }
    for (const lane of lanes) {
      if (lane.status === 'rejected') {
        throw lane.reason;
      }
    }
    return !this.stopped;
  }

  private async lane(stream: AsyncIterator<Bucket>): Promise<void> {
    for (;;) {
      const group = await this.pull(stream);
      // Also where nothing is left: a stream that opens buckets ends by itself when the time is over.
      this.stopped ||= !this.parts.run.hasTime();
      if (this.stopped || group.length === 0) {
        return;
      }
      await this.admit(await this.advance(group));
      while (this.ready.length >= MAX_RECORDS) {
        await this.send();
      }
    }
  }

  /** Lanes pull one after the other: an iterator serves one at a time. */
  private async pull(stream: AsyncIterator<Bucket>): Promise<Bucket[]> {
    const pulled = this.pulling.then(async () => {
      const group: Bucket[] = [];
      while (group.length < MAX_RECORDS) {
        const next = await stream.next();
        if (next.done) {
          break;
        }
        group.push(next.value);
      }
      return group;
    });
    this.pulling = pulled.catch(() => undefined);
    return pulled;
  }

  /** Does what each bucket needs; returns those to send. What cannot be read is left to a later run. */
  private async advance(group: readonly Bucket[]): Promise<Ready[]> {
    const { ledger, log, concurrency } = this.deps;
    let metas: ReadonlyMap<string, BucketMeta>;
    try {
      metas = await ledger.readMetas(group);
    } catch (error) {
      log.error('Buckets could not be read, a later run tries again', { buckets: group.length, ...describeError(error) });
      return [];
    }
    const existing = group.flatMap((bucket) => metas.get(bucketId(bucket)) ?? []);
    const progress = await mapBounded(existing, concurrency, async (meta) => advance(log, this.parts, meta.bucket, meta));
    return progress.flatMap((each) => {
      if (each.kind === 'WAITS') {
        this.parts.run.wait(each.reason);
      }
      return each.kind === 'READY' ? [each.ready] : [];
    });
  }

  /** Lets through the gate what may be sent. */
  private async admit(ready: readonly Ready[]): Promise<void> {
    const { run, circuits, submit } = this.parts;
    for (const each of ready) {
      await submit.probeEnded();
      if (!run.maySend()) {
        return;
      }
      switch (circuits.gate(each.meta.bucket, each.license)) {
        case 'SEND':
          this.ready.push(each);
          break;
        case 'ALONE':
          await this.admit(await submit.send([each]));
          break;
        case 'WAIT':
          run.wait('CircuitOpen');
          break;
      }
    }
  }

  private async send(): Promise<void> {
    await this.admit(await this.parts.submit.send(this.takeCall()));
  }

  /** The first that may share a call: with few licenses of which nothing is known while AWS refuses calls for some of them. */
  private takeCall(): Ready[] {
    const { submit, circuits } = this.parts;
    const newLicenses = new Set<string>();
    const mayShare = this.ready.filter(({ meta: { bucket } }) => {
      const isNew = !circuits.isTaken(bucket) && !newLicenses.has(bucket.licenseId);
      if (isNew && newLicenses.size < circuits.newLicensesPerCall) {
        newLicenses.add(bucket.licenseId);
        return true;
      }
      return !isNew;
    });
    const call = new Set(mayShare.slice(0, submit.fitting(mayShare)));
    this.ready = this.ready.filter((each) => !call.has(each));
    return [...call];
  }
}
