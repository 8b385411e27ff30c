import type { Clock } from '../../domain/clock';

/** The wall clock: only entries use it, everything else is given one. */
export const systemClock: Clock = { now: () => Date.now() };
