import type { Clock } from '../domain/clock';

/** The wall clock: only entries use it, everything else is given one (but an outbox need not be). */
export const systemClock: Clock = { now: () => Date.now() };
