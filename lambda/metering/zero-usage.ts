import type { MeteringDependencies } from './dependencies';
import type { RunParts } from './drain';
import { mapBounded } from '../domain/bounded';
import type { MeteredLicense } from '../domain/subscription-directory';
import type { Bucket } from '../domain/usage/ledger/bucket';
import { HOUR_MS, hourEnd, hourOf, hourStart, nextHour } from '../domain/usage/ledger/hour';
import { isMetered, isTooOld } from '../domain/usage/ledger/rules';

type ZeroUsageTools = Pick<RunParts, 'run' | 'circuits'>;

/** Licenses whose buckets are opened together. */
const GROUP = 50;

/**
 * Opens, for each closed hour, the buckets of active licenses that had no usage in it. They are frozen at 0 like any
 * other, so usage that arrives later is late, and carried. None is opened where AWS refuses usage now: a zero record would be
 * refused too.
 */
export async function* openZeroBuckets(deps: MeteringDependencies, parts: ZeroUsageTools): AsyncIterable<Bucket> {
  const { control, clock } = deps;
  const lastClosed = lastClosedHour(deps);
  let { hour, after } = await control.readZeroProgress() ?? { hour: lastClosed };
  while (hour <= lastClosed) {
    if (!isTooOld(hour, clock.now())) {
      const ofHour = new ZeroUsageHour(deps, parts, hour, after);
      yield* ofHour.opened();
      if (!ofHour.finished) {
        await control.writeZeroProgress({ hour, after: ofHour.after });
        return;
      }
    }
    hour = nextHour(hour);
    after = undefined;
    await control.writeZeroProgress({ hour });
  }
}

/** Whether a closed hour is left in which licenses may be without usage. */
export async function hasZeroHours(deps: MeteringDependencies): Promise<boolean> {
  const progress = await deps.control.readZeroProgress();
  return progress === undefined || progress.hour <= lastClosedHour(deps);
}

function lastClosedHour({ clock, rules }: MeteringDependencies): string {
  return hourOf(clock.now() - rules.closeGrace - HOUR_MS);
}

class ZeroUsageHour {
  finished = false;

  /** @param after the last license whose buckets were opened */
  constructor(
    private readonly deps: MeteringDependencies, private readonly parts: ZeroUsageTools, private readonly hour: string, public after?: string,
  ) {}

  async *opened(): AsyncIterable<Bucket> {
    const { directory, clock } = this.deps;
    const dimensions = this.deps.dimensions.filter(({ kind }) => kind === 'METERED');
    let group: Bucket[] = [];
    for await (const license of listedAfter(this.after, () => directory.list('ACTIVE', clock.now()))) {
      const inUse = (license.activeSince ?? Infinity) <= hourStart(this.hour) && isMetered(this.hour, license);
      if (inUse) {
        const open = dimensions.filter(({ name }) => !this.parts.circuits.blocksZero(license.licenseId, name));
        group.push(...open.map(({ name }) => ({ licenseId: license.licenseId, dimension: name, hour: this.hour })));
      }
      if (group.length < GROUP) {
        continue;
      }
      if (!this.parts.run.hasTime()) {
        return;
      }
      yield* await this.open(group);
      this.after = license.licenseId;
      group = [];
    }
    yield* await this.open(group);
    this.finished = true;
  }

  private async open(group: readonly Bucket[]): Promise<Bucket[]> {
    const { ledger, rules, concurrency } = this.deps;
    const opened = await mapBounded(group, concurrency, async (bucket) => ledger.openEmpty(bucket, hourEnd(bucket.hour) + rules.closeGrace));
    return group.filter((_, index) => opened[index]);
  }
}

/** Those listed after that license. All, when it is not among them any more: to open a bucket again changes nothing. */
async function* listedAfter(licenseId: string | undefined, list: () => AsyncIterable<MeteredLicense>): AsyncIterable<MeteredLicense> {
  let found = licenseId === undefined;
  for await (const license of list()) {
    if (found) {
      yield license;
    } else {
      found = license.licenseId === licenseId;
    }
  }
  if (!found) {
    yield* list();
  }
}
