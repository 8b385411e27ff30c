/*
 * A handler that only waits, waits in virtual time: while nothing but timers keeps its process busy, the clock goes to the
 * next of them at once. Backoff and pacing so cost no real time, and a run does not depend on the machine's speed. A timer
 * beside a request under way (a time-out) stays real.
 */
import timersPromises = require('node:timers/promises');
import { promisify } from 'node:util';
import { VirtualTime } from './virtual-date';

/** What keeps a process alive without being work: its timers, and its pipes to the sandbox. */
const NO_WORK = new Set(['Timeout', 'Immediate', 'PipeWrap', 'TTYWrap', 'SignalWrap']);
/** Shorter waits are not worth a leap. */
const SHORTEST_MS = 2;
/** Real milliseconds between looks while a request is under way. */
const LOOK_MS = 1;

interface Wait { readonly due: number; readonly fire: () => void }

export interface VirtualSleep {
  /** Only inside an invocation is waiting a handler's own. */
  during<T>(invocation: () => Promise<T>): Promise<T>;
}

export function installVirtualSleep(time: VirtualTime): VirtualSleep {
  const realSetTimeout = globalThis.setTimeout;
  const realClearTimeout = globalThis.clearTimeout;
  const waits = new Map<NodeJS.Timeout, Wait>();
  let running = false;
  let looking = false;

  const lookAgain = (): void => {
    if (looking || !running || waits.size === 0) return;
    looking = true;
    setImmediate(look);
  };
  const look = (): void => {
    looking = false;
    if (!running || waits.size === 0) return;
    if (process.getActiveResourcesInfo().some((resource) => !NO_WORK.has(resource))) {
      looking = true;
      realSetTimeout(look, LOOK_MS).unref();
      return;
    }
    const [timer, wait] = [...waits].reduce((first, other) => (other[1].due < first[1].due ? other : first));
    waits.delete(timer);
    realClearTimeout(timer);
    time.skipTo(wait.due);
    wait.fire();
    lookAgain();
  };

  const virtual = (callback: (...args: unknown[]) => void, delay = 1, ...args: unknown[]): NodeJS.Timeout => {
    const fire = (): void => callback(...args);
    const timer = realSetTimeout(() => {
      waits.delete(timer);
      fire();
    }, delay);
    if (running && delay >= SHORTEST_MS) {
      waits.set(timer, { due: time.now() + delay, fire });
      lookAgain();
    }
    return timer;
  };
  const sleep = (delay?: number, value?: unknown): Promise<unknown> => new Promise((resolve) => virtual(() => resolve(value), delay));
  Object.defineProperty(virtual, promisify.custom, { value: sleep });
  Object.assign(globalThis, {
    setTimeout: virtual,
    clearTimeout: (timer?: NodeJS.Timeout) => {
      if (timer) waits.delete(timer);
      realClearTimeout(timer);
    },
  });
  Object.assign(timersPromises, { setTimeout: sleep });

  return {
    during: async (invocation) => {
      running = true;
      try {
        return await invocation();
      } finally {
        running = false;
        waits.clear();
      }
    },
  };
}
