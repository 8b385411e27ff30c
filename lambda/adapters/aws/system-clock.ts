import type { Clock } from '../../domain/clock';

/** The wall clock: only entries use it, and pass it on. */
export const systemClock: Clock = { now: () => Date.now() };
