/*
 * Virtual time inside a function's process: the moment the sandbox says an invocation starts, plus the real time of
 * its own run since. `performance` and `process.hrtime` stay real, so that measured durations do.
 */

export interface VirtualTime {
  /** Starts counting from `time` (epoch milliseconds). */
  set(time: number): void;
  now(): number;
  /** Leaves out the time until then. */
  skipTo(time: number): void;
}

/** Replaces the global `Date`. Subclasses, `instanceof` and `Date()` without `new` work as before. */
export function installVirtualDate(initial: number): VirtualTime {
  const RealDate = Date;
  let base = initial;
  let since = performance.now();
  const exact = (): number => base + performance.now() - since;
  const now = (): number => Math.floor(exact());

  const virtual = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.now = now;
  RealDate.prototype.constructor = virtual;
  globalThis.Date = virtual;

  return {
    set: (time) => {
      base = time;
      since = performance.now();
    },
    now: exact,
    skipTo: (time) => {
      base += Math.max(0, time - exact());
    },
  };
}
