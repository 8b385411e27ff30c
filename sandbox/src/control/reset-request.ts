import { parseInstant } from '../clock/duration';
import { ControlError } from '../errors';

export interface ResetOptions {
  /** Functions stay warm. */
  readonly keepProcesses: boolean;
  /** Epoch milliseconds: the virtual time after the reset; default: the time of the start. */
  readonly time?: number;
}

/** What `{"keepProcesses": true, "time": "2026-…"}` asks for; nothing of it has to be there. */
export function resetOptions(body: unknown): ResetOptions {
  const { keepProcesses, time, ...unknown } = typeof body === 'object' && body !== null ? body as Record<string, unknown> : {};
  const instant = typeof time === 'string' ? parseInstant(time) : undefined;
  if (Object.keys(unknown).length > 0 || (time !== undefined && instant === undefined)) {
    throw new ControlError(400, 'InvalidReset', 'expected {"keepProcesses"?: true, "time"?: ISO 8601 time} or nothing');
  }
  return { keepProcesses: keepProcesses === true, ...instant !== undefined && { time: instant } };
}
