import { ControlError } from '../errors';
import { Activity } from './activity';
import { TimerQueue } from './timer-queue';
import { VirtualClock } from './virtual-clock';

/** Something that can have work ready at the present virtual moment. */
export interface WorkSource {
  /** Runs one piece of ready work; undefined when there is none, else the label of what ran. */
  step(): Promise<string | undefined>;
}

export interface IdleLimits {
  /** Pieces of work at one virtual moment. */
  readonly steps: number;
  /** Real milliseconds at one virtual moment. */
  readonly millis: number;
}

export const DEFAULT_IDLE_LIMITS: IdleLimits = { steps: 100_000, millis: 60_000 };

/** How often work that waits for its turn looks whether it waits in vain. */
const LOOK_MILLIS = 250;

/**
 * The one place where things happen: everything that runs, runs here, one after the other, in an order that depends
 * only on what was asked, so that a story always ends the same.
 */
export class WorkLoop {
  private readonly readyTasks: { readonly label: string; readonly run: () => Promise<void> }[] = [];
  private readonly sources: WorkSource[] = [];
  private tail: Promise<unknown> = Promise.resolve();
  private draining = false;
  private drainQueued = false;
  /** Work may have become ready in a source that the present round of {@link drain} has passed. */
  private woken = false;
  private readonly stuckChecks: (() => boolean)[] = [];

  constructor(
    private readonly clock: VirtualClock,
    private readonly timers: TimerQueue,
    private readonly limits: IdleLimits,
    private readonly onError: (error: unknown) => void,
    private readonly activity = new Activity(),
  ) {}

  addSource(source: WorkSource): void {
    this.sources.push(source);
  }

  /** `isStuck`: whether something runs for so long that it may be waiting for work that waits for its turn. */
  addStuckCheck(isStuck: () => boolean): void {
    this.stuckChecks.push(isStuck);
  }

  /** Queues work for a later virtual moment: it takes its turn among what is ready then. */
  at(time: number, label: string, run: () => Promise<void>): number {
    return this.timers.at(time, label, () => this.ready(label, run));
  }

  /** Queues work for the present virtual moment. */
  ready(label: string, run: () => Promise<void>): void {
    this.readyTasks.push({ label, run });
    this.wake();
  }

  /** Makes ready work run soon, even if the clock is not moved. */
  wake(): void {
    this.woken = true;
    if (this.draining || this.drainQueued) {
      return;
    }
    this.drainQueued = true;
    this.exclusive(() => {
      this.drainQueued = false;
      return this.drain();
    }).catch(this.onError);
  }

  /** Runs work from outside when it is its turn, or beside work that is stuck. */
  runInTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.exclusiveUnlessStuck(work, () => this.stuckChecks.some((isStuck) => isStuck()));
  }

  /**
   * Runs what a request asks for: when it is its turn, or at once if a function made the request: that is part of what runs.
   *
   * @param request `at`: when a function made it
   */
  runForRequest<T>({ at }: { readonly at?: number }, work: () => Promise<T>): Promise<T> {
    return at === undefined ? this.runInTurn(work) : work();
  }

  /** Runs `work` alone, when all earlier requests have ended. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work);
    this.tail = result.catch(() => undefined);
    return result;
  }

  /**
   * As `exclusive`, but does not wait for ever: what runs may be waiting for this work (a function that calls an app outside,
   * which calls back). When it `isStuck`, the work runs beside it.
   */
  exclusiveUnlessStuck<T>(work: () => Promise<T>, isStuck: () => boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let started: Promise<T> | undefined;
      const begin = (): Promise<T> => {
        clearInterval(look);
        started ??= work();
        started.then(resolve, reject);
        return started;
      };
      const look = setInterval(() => {
        if (isStuck()) {
          begin().catch(() => undefined);
        }
      }, LOOK_MILLIS);
      this.exclusive(begin).catch(() => undefined);
    });
  }

  /** Moves from due moment to due moment up to `target`, settling at each. */
  async advanceTo(target: number): Promise<void> {
    await this.drain();
    for (;;) {
      const next = this.timers.nextTime();
      if (next === undefined || next > target) {
        break;
      }
      this.clock.moveTo(next);
      await this.drain();
    }
    this.clock.moveTo(target);
  }

  /**
   * The same, but leaves out occurrences of schedules: those that have no reason to run do so once in `thinMillis` only,
   * see {@link Activity}.
   */
  async advanceThinned(target: number, thinMillis: number): Promise<void> {
    this.activity.startThinning(thinMillis);
    try {
      await this.advanceTo(target);
    } finally {
      this.activity.stopThinning();
    }
  }

  /** Forgets queued work. */
  clear(): void {
    this.readyTasks.length = 0;
  }

  /** Runs what is due and ready until nothing is. */
  private async drain(): Promise<void> {
    const begun = performance.now();
    const counts = new Map<string, number>();
    let steps = 0;
    this.draining = true;
    try {
      for (;;) {
        // That a limit is passed matters only when there is more to do: a single piece of work may take its time.
        const late = performance.now() - begun > this.limits.millis;
        this.woken = false;
        const label = await this.step();
        if (label === undefined && !this.woken) {
          return;
        }
        if (label !== undefined) {
          counts.set(label, (counts.get(label) ?? 0) + 1);
        }
        if (++steps > this.limits.steps || late && label !== undefined) {
          throw notIdle(counts, steps, this.clock.now());
        }
      }
    } finally {
      this.draining = false;
    }
  }

  private async step(): Promise<string | undefined> {
    const due = this.timers.takeDue(this.clock.now());
    if (due) {
      if (!due.recurs) {
        this.activity.note();
      }
      await due.run();
      return due.label;
    }
    const task = this.readyTasks.shift();
    if (task) {
      await task.run();
      return task.label;
    }
    for (const source of this.sources) {
      const label = await source.step();
      if (label !== undefined) {
        return label;
      }
    }
    return undefined;
  }
}

function notIdle(counts: ReadonlyMap<string, number>, steps: number, now: number): ControlError {
  const names = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 5).map(([label, count]) => `${label} (${count} times)`);
  return new ControlError(504, 'NotIdle',
    `${new Date(now).toISOString()} does not become idle: after ${steps} steps there is still work. Busiest: ${names.join(', ')}.`);
}
