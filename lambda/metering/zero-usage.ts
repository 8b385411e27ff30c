import type { MeteringOptions } from './options';
import type { RunState } from './run-state';
import { mapBounded } from '../domain/usage/bounded';
import type { Bucket } from '../domain/usage/bucket';
import { HOUR_MS, hourEnd, hourOf, hourStart, nextHour } from '../domain/usage/hour';
import { closesAt, isTooOld } from '../domain/usage/rules';

/** Licenses whose buckets are opened together. */
const GROUP = 50;

/**
 * Opens, for each closed hour, the buckets of active licenses that had no usage in it. They are frozen at 0 like any
 * other, so usage that comes after all is late, and carried.
 */
export async function* openZeroBuckets(options: MeteringOptions, run: RunState): AsyncIterable<Bucket> {
  const { control, clock, rules } = options;
  const lastClosed = hourOf(clock.now() - rules.closeGrace - HOUR_MS);
  const progress = await control.readZeroProgress() ?? { hour: lastClosed, position: 0 };
  let { hour, position } = progress;
  while (hour <= lastClosed) {
    if (!isTooOld(hour, clock.now())) {
      const walk = new HourWalk(options, run, hour, position);
      yield* walk.opened();
      if (!walk.finished) {
        await control.writeZeroProgress({ hour, position: walk.position });
        return;
      }
    }
    hour = nextHour(hour);
    position = 0;
    await control.writeZeroProgress({ hour, position });
  }
}

class HourWalk {
  finished = false;

  constructor(private readonly options: MeteringOptions, private readonly run: RunState, private readonly hour: string, public position: number) {}

  async *opened(): AsyncIterable<Bucket> {
    const { directory, clock } = this.options;
    const dimensions = this.options.dimensions.filter(({ kind }) => kind === 'METERED');
    let walked = 0;
    let group: Bucket[] = [];
    for await (const license of directory.list('ACTIVE', clock.now())) {
      walked += 1;
      if (walked <= this.position) continue;
      const inUse = license.activeSince !== undefined && license.activeSince <= hourStart(this.hour);
      if (inUse) group.push(...dimensions.map(({ name }) => ({ licenseId: license.licenseId, dimension: name, hour: this.hour })));
      if (group.length < GROUP) continue;
      if (!this.run.hasTime()) return;
      yield* await this.open(group);
      this.position = walked;
      group = [];
    }
    yield* await this.open(group);
    this.finished = true;
  }

  private async open(group: readonly Bucket[]): Promise<Bucket[]> {
    const { ledger, rules, concurrency } = this.options;
    const opened = await mapBounded(group, concurrency, async (bucket) =>
      ledger.openEmpty(bucket, Math.max(hourEnd(bucket.hour), closesAt(bucket.hour, undefined, rules))));
    return group.filter((_, index) => opened[index]);
  }
}
