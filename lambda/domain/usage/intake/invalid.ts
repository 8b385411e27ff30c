import type { Problem } from './rejection';
import { cutText } from '../../text';

/** Characters of a value that a message contains. */
const MAX_SHOWN = 120;

/** Thrown at the first problem of a record. */
export class Invalid extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

export function fail(reason: Problem['reason'], message: string): never {
  throw new Invalid({ reason, message });
}

export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A received value for a message, cut to a length. An object or array may contain anything, so the message says only which of both it is. */
export function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? '(an array)' : '(an object)';
  }
  return cutText(JSON.stringify(value) ?? String(value), MAX_SHOWN);
}
