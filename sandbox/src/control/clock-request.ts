import { parseDuration, parseInstant } from '../clock/duration';
import { ControlError } from '../errors';

/** A move goes from due moment to due moment: one of thousands of years would never end. */
const LONGEST_MOVE_DAYS = 3660;

/** Where `{"advance": "PT1H"}` or `{"set": "2026-…"}` wants the clock to be. */
export function clockTarget(body: unknown, now: number): number {
  const { advance, set, ...unknown } = typeof body === 'object' && body !== null ? body as Record<string, unknown> : {};
  if ((advance === undefined) === (set === undefined) || Object.keys(unknown).length > 0) {
    throw new ControlError(400, 'InvalidClock', 'expected {"advance": ISO 8601 duration} or {"set": ISO 8601 time}');
  }
  if (advance !== undefined) {
    const millis = typeof advance === 'string' ? parseDuration(advance) : undefined;
    if (millis === undefined) {
      throw new ControlError(400, 'InvalidClock', `advance: ${JSON.stringify(advance)} is no ISO 8601 duration such as PT1H or P1DT30M`);
    }
    return checkedTarget(now + millis, now);
  }
  const time = typeof set === 'string' ? parseInstant(set) : undefined;
  if (time === undefined) {
    throw new ControlError(400, 'InvalidClock', `set: ${JSON.stringify(set)} is no ISO 8601 time such as 2026-11-23T05:00:00Z`);
  }
  if (time < now) {
    throw new ControlError(400, 'ClockMovesForwardOnly', `set: ${String(set)} is before the present ${new Date(now).toISOString()}`);
  }
  return checkedTarget(time, now);
}

function checkedTarget(time: number, now: number): number {
  if (time - now > LONGEST_MOVE_DAYS * 86_400_000) {
    throw new ControlError(400, 'ClockMoveTooLong', `the clock moves by ${LONGEST_MOVE_DAYS} days at most at a time`);
  }
  return time;
}
