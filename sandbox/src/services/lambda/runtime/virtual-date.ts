/*
 * Virtual time inside a function's process: the moment at which the sandbox says an invocation starts, plus a fixed step per request,
 * plus what the handler waits. The machine's speed has no part in it, so a story is the same each time. `performance` and
 * `process.hrtime` stay real, so that measured durations do.
 */

/** What a request takes, in virtual milliseconds. */
const REQUEST_MS = 1;
/** Code that reads the clock in a loop until a time comes would never end: after so many reads a millisecond passes. */
const READS_PER_MS = 5_000;

export interface VirtualTime {
  /** Starts counting from `time` (epoch milliseconds). */
  set(time: number): void;
  now(): number;
  /** Leaves out the time until then. */
  skipTo(time: number): void;
  /** A request is made. */
  step(): void;
}

/** Replaces the global `Date`. Subclasses, `instanceof` and `Date()` without `new` work as before. */
export function installVirtualDate(initial: number): VirtualTime {
  const RealDate = Date;
  let present = initial;
  let reads = 0;
  const moveTo = (time: number): void => {
    present = time;
    reads = 0;
  };
  const read = (): number => {
    if (++reads >= READS_PER_MS) {
      moveTo(present + 1);
    }
    return Math.floor(present);
  };

  const virtual = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [read()] : args, newTarget),
    apply: () => new RealDate(read()).toString(),
  });
  RealDate.now = read;
  RealDate.prototype.constructor = virtual;
  globalThis.Date = virtual;

  return {
    set: moveTo,
    now: () => present,
    skipTo: (time) => moveTo(Math.max(time, present)),
    step: () => moveTo(present + REQUEST_MS),
  };
}
