import { VirtualAgenda } from './timer-queue';
import { StandingClock } from './virtual-clock';
import { WorkLoop } from './work-loop';

const LONGEST_WAIT_MILLIS = 1000;
const SHORTEST_WAIT_MILLIS = 5;

/** Lets what falls due happen while virtual time flows by itself. Returns the way to stop it. */
export function startFlow(clock: StandingClock, agenda: VirtualAgenda, loop: WorkLoop, onError: (error: unknown) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const plan = (): void => {
    if (stopped) {
      return;
    }
    const next = agenda.nextTime();
    const real = next === undefined ? LONGEST_WAIT_MILLIS : (next - clock.now()) / clock.factor;
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
