/** The present run of a function. */
interface Run {
  writes: number;
  readonly moments: number[];
}

/** The last occurrence of a schedule that was not left out. */
interface Occurrence {
  readonly ranAt: number;
  /** When it last found something to do. */
  readonly busyAt: number;
  /** What had happened before it ran. */
  readonly happenedBefore: number;
}

/**
 * Whether anything happens in the sandbox beside schedules whose runs find nothing to do. It decides which occurrences of a schedule
 * a move of the clock may leave out, see {@link leavesOut}.
 */
export class Activity {
  private happened = 0;
  private thinMs = 0;
  private readonly moments = new Set<number>();
  private nextMoment = Infinity;
  private readonly runs = new Map<string, Run>();
  /** The fewest writes of a function's runs: a run that finds nothing to do may write this much all the same, a lease say. */
  private readonly fewestWrites = new Map<string, number>();
  /** Functions whose last run found something to do. */
  private readonly busy = new Set<string>();
  private readonly schedules = new Map<string, Occurrence>();

  /**
   * Something happened: schedules have a reason to run.
   *
   * @param functionArn the function that did it; absent: something else
   */
  note(functionArn?: string): void {
    this.happened += 1;
    if (functionArn !== undefined) {
      this.busy.add(functionArn);
    }
  }

  /**
   * An item was written, by a function or from outside.
   *
   * @param moments epoch milliseconds at which something may be due, as the item names them
   */
  noteWrite(functionArn: string | undefined, moments: readonly number[]): void {
    const run = functionArn === undefined ? undefined : this.runs.get(functionArn);
    if (run) {
      run.writes += 1;
      run.moments.push(...moments);
    } else {
      this.addMoments(moments);
    }
  }

  /** Until {@link stopThinning}, schedules without a reason to run do so once in `millis`. */
  startThinning(millis: number): void {
    this.schedules.clear();
    this.thinMs = millis;
  }

  stopThinning(): void {
    this.thinMs = 0;
  }

  beginRun(functionArn: string): void {
    this.runs.set(functionArn, { writes: 0, moments: [] });
    this.busy.delete(functionArn);
  }

  /** A run that wrote more than it has to, or that failed, has found something to do. */
  endRun(functionArn: string, failed: boolean): void {
    const { writes, moments } = this.runs.get(functionArn) ?? { writes: 0, moments: [] };
    const fewest = this.fewestWrites.get(functionArn);
    if (failed || fewest === undefined || writes > fewest) {
      this.note(functionArn);
      this.addMoments(moments);
    }
    this.fewestWrites.set(functionArn, Math.min(writes, fewest ?? writes));
    this.runs.delete(functionArn);
  }

  /**
   * Whether this occurrence of a schedule is left out: since its last run began nothing has happened, no moment that an item names
   * has come, and less than the interval has passed since the last run that found something to do.
   *
   * @param functions ARNs of the functions that it invokes
   */
  leavesOut(schedule: string, functions: readonly string[], now: number): boolean {
    if (this.thinMs === 0) {
      return false;
    }
    this.passMoments(now);
    const last = this.schedules.get(schedule);
    if (last === undefined) {
      this.schedules.set(schedule, { ranAt: now, busyAt: now, happenedBefore: this.happened });
      return false;
    }
    if (last.happenedBefore !== this.happened) {
      const busyAt = functions.some((arn) => this.busy.has(arn)) ? last.ranAt : last.busyAt;
      this.schedules.set(schedule, { ranAt: now, busyAt, happenedBefore: this.happened });
      return false;
    }
    if (now < nextInterval(last, this.thinMs)) {
      return true;
    }
    this.schedules.set(schedule, { ...last, ranAt: now });
    return false;
  }

  clear(): void {
    this.moments.clear();
    this.nextMoment = Infinity;
    this.runs.clear();
    this.fewestWrites.clear();
    this.busy.clear();
    this.schedules.clear();
    this.stopThinning();
  }

  private addMoments(moments: readonly number[]): void {
    for (const moment of moments) {
      this.moments.add(moment);
      this.nextMoment = Math.min(this.nextMoment, moment);
    }
  }

  private passMoments(now: number): void {
    if (now < this.nextMoment) {
      return;
    }
    this.note();
    this.nextMoment = Infinity;
    for (const moment of this.moments) {
      if (moment <= now) {
        this.moments.delete(moment);
      } else {
        this.nextMoment = Math.min(this.nextMoment, moment);
      }
    }
  }
}

/** Counted from the last run that found something to do: what is due every hour is then found when it is due. */
function nextInterval({ ranAt, busyAt }: Occurrence, interval: number): number {
  return busyAt + (Math.floor((ranAt - busyAt) / interval) + 1) * interval;
}
