import { TimerQueue } from './timer-queue';
import { VirtualClock } from './virtual-clock';
import { WorkLoop } from './work-loop';

const LONGEST_WAIT_MILLIS = 1000;
const SHORTEST_WAIT_MILLIS = 5;

/** Runs timers when they fall due while virtual time runs by itself. Returns the way to stop it. */
export function startRealTime(clock: VirtualClock, timers: TimerQueue, loop: WorkLoop, onError: (error: unknown) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const plan = (): void => {
    if (stopped) {
      return;
    }
    const next = timers.nextTime();
    const real = next === undefined ? LONGEST_WAIT_MILLIS : (next - clock.now()) / clock.realTimeFactor;
    timer = setTimeout(tick, Math.min(LONGEST_WAIT_MILLIS, Math.max(SHORTEST_WAIT_MILLIS, real)));
  };
  const tick = (): void => {
    loop.exclusive(() => loop.advanceTo(clock.now())).catch(onError).finally(plan);
  };

  plan();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
