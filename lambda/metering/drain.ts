import type { Ready } from './bucket-work';
import type { MeteringOptions } from './options';
import { prepare, type PrepareTools } from './prepare';
import type { Refusals } from './refusals';
import type { RunState } from './run-state';
import type { Sender } from './sender';
import { MAX_RECORDS } from '../domain/usage/ledger/batching';
import type { Bucket } from '../domain/usage/ledger/bucket';

export interface DrainTools extends PrepareTools {
  readonly sender: Sender;
  readonly refusals: Refusals;
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
    // when one lane fails, the others end what they have begun: an invocation that ends must not leave calls under way
    const lanes = await Promise.allSettled(Array.from({ length: this.options.lanes }, async () => this.lane(stream)));
    while (this.ready.length > 0) {
      await this.tools.sender.send(this.ready.splice(0, MAX_RECORDS));
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
      if (group.length === 0) {
        return;
      }
      if (this.stopped || !await this.mayGoOn()) {
        this.stopped = true;
        return;
      }
      const ready = await prepare(this.options, this.run, this.tools, group);
      this.ready.push(...ready.filter((each) => !this.tools.refusals.takes(each)));
      while (this.ready.length >= MAX_RECORDS) {
        await this.tools.sender.send(this.ready.splice(0, MAX_RECORDS));
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

  private async mayGoOn(): Promise<boolean> {
    try {
      return await this.tools.mayGoOn();
    } catch (error) {
      this.stopped = true;
      throw error;
    }
  }
}
