import { parseDuration, parseInstant } from '../clock/duration';
import { ControlError } from '../errors';

/** A move goes from due moment to due moment: one of thousands of years would never end. */
const LONGEST_MOVE_DAYS = 3660;

export interface ClockMove {
  /** Epoch milliseconds. */
  readonly target: number;
  /** Schedules that have no reason to run do so once in so many milliseconds. Absent: every time. */
  readonly thinMillis?: number;
}

/** What `{"advance": "PT1H"}` or `{"set": "2026-…"}`, with or without `"thin": "PT1H"`, asks for. */
export function clockMove(body: unknown, now: number): ClockMove {
  const { thin, ...rest } = typeof body === 'object' && body !== null ? body as Record<string, unknown> : {};
  const thinMillis = typeof thin === 'string' ? parseDuration(thin) : undefined;
  if (thin !== undefined && (thinMillis === undefined || thinMillis <= 0)) {
    throw new ControlError(400, 'InvalidClock', `thin: ${JSON.stringify(thin)} is no ISO 8601 duration such as PT1H or P1D`);
  }
  return { target: clockTarget(rest, now), ...thinMillis !== undefined && { thinMillis } };
}

function clockTarget(body: Readonly<Record<string, unknown>>, now: number): number {
  const { advance, set, ...unknown } = body;
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
