/*
 * A handler that only waits, waits in virtual time: while nothing but timers keeps its process busy, the clock goes to the
 * next of them at once. Backoff and pacing so cost no real time, and a run does not depend on the machine's speed. A timer
 * beside a request under way (a time-out) stays real.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import { VirtualTime } from './virtual-date';

/** What keeps a process alive without being work: its timers, and its pipes to the sandbox. */
const NO_WORK = new Set(['Timeout', 'Immediate', 'PipeWrap', 'TTYWrap', 'SignalWrap']);
/** Shorter waits are not worth a leap. */
const SHORTEST_MS = 2;
/** Real milliseconds between looks while something other than an HTTP request is under way. */
const LOOK_MS = 1;

interface Wait {
  readonly due: number; readonly fire: () => void;
}

export interface VirtualSleep {
  /**
   * Only inside an invocation is waiting a handler's own. `onOverdue` is called when nothing is left but to wait beyond
   * `deadline` (virtual epoch milliseconds).
   */
  during<T>(invocation: () => Promise<T>, deadline: number, onOverdue: () => void): Promise<T>;
}

export function installVirtualSleep(time: VirtualTime): VirtualSleep {
  const realSetTimeout = globalThis.setTimeout;
  const realClearTimeout = globalThis.clearTimeout;
  const waits = new Map<NodeJS.Timeout, Wait>();
  let running = false;
  let looking = false;
  let requests = 0;
  let limit = { deadline: Infinity, onOverdue: (): void => undefined };

  const lookAgain = (): void => {
    if (looking || !running || waits.size === 0 || requests > 0) {
      return;
    }
    looking = true;
    setImmediate(look);
  };
  const look = (): void => {
    looking = false;
    if (!running || waits.size === 0 || requests > 0) {
      return;
    }
    if (process.getActiveResourcesInfo().some((resource) => !NO_WORK.has(resource))) {
      looking = true;
      realSetTimeout(look, LOOK_MS).unref();
      return;
    }
    const [timer, wait] = [...waits].reduce((first, other) => (other[1].due < first[1].due ? other : first));
    if (wait.due >= limit.deadline) {
      return limit.onOverdue();
    }
    waits.delete(timer);
    realClearTimeout(timer);
    time.skipTo(wait.due);
    wait.fire();
    lookAgain();
  };

  const virtual = (callback: (...args: unknown[]) => void, delay = 1, ...args: unknown[]): NodeJS.Timeout => {
    const fire = (): void => callback(...args);
    const due = time.now() + delay;
    const timer = realSetTimeout(() => {
      waits.delete(timer);
      if (running) {
        time.skipTo(due);
      }
      fire();
    }, delay);
    if (running && delay >= SHORTEST_MS) {
      waits.set(timer, { due, fire });
      lookAgain();
    }
    return timer;
  };
  const sleep = (delay?: number, value?: unknown): Promise<unknown> => new Promise((resolve) => virtual(() => resolve(value), delay));
  Object.defineProperty(virtual, promisify.custom, { value: sleep });
  Object.assign(globalThis, {
    setTimeout: virtual,
    clearTimeout: (timer?: NodeJS.Timeout) => {
      if (timer) {
        waits.delete(timer);
      }
      realClearTimeout(timer);
    },
  });
  Object.assign(timersPromises, { setTimeout: sleep });
  syncBuiltinESMExports();

  subscribe('http.client.request.start', (message) => {
    requests++;
    (message as { request: ClientRequest }).request.once('close', () => {
      requests--;
      lookAgain();
    });
  });

  return {
    during: async (invocation, deadline, onOverdue) => {
      running = true;
      limit = { deadline, onOverdue };
      try {
        return await invocation();
      } finally {
        running = false;
        waits.clear();
      }
    },
  };
}
