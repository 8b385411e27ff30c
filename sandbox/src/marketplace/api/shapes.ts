import { WireError } from './wire';

/*
 * Reads members of a request as AWS does: a wrong type is a SerializationException, a broken constraint of the model a
 * ValidationException (clients check little or nothing: docs/marketplace-facts.md#f-1-4).
 */

type Members = Readonly<Record<string, unknown>>;

export interface StringLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: RegExp;
}

export function violation(value: unknown, path: string, constraint: string): WireError {
  const shown = value === undefined || value === null ? 'null' : `'${String(value)}'`;
  return new WireError('ValidationException',
    `1 validation error detected: Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
}

export function optionalString(members: Members, name: string, path: string, limits: StringLimits = {}): string | undefined {
  const value = members[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw wrongType(path, 'a string');
  }
  const { minimum = 0, maximum = Infinity, pattern } = limits;
  if (value.length < minimum) {
    throw violation(value, path, `Member must have length greater than or equal to ${minimum}`);
  }
  if (value.length > maximum) {
    throw violation(value, path, `Member must have length less than or equal to ${maximum}`);
  }
  if (pattern && !pattern.test(value)) {
    throw violation(value, path, `Member must satisfy regular expression pattern: ${pattern.source}`);
  }
  return value;
}

export function requiredString(members: Members, name: string, path: string, limits: StringLimits = {}): string {
  return present(optionalString(members, name, path, limits), path);
}

export function optionalInteger(members: Members, name: string, path: string, minimum: number, maximum: number): number | undefined {
  const value = members[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw wrongType(path, 'an integer');
  }
  if (value < minimum) {
    throw violation(value, path, `Member must have value greater than or equal to ${minimum}`);
  }
  if (value > maximum) {
    throw violation(value, path, `Member must have value less than or equal to ${maximum}`);
  }
  return value;
}

export function optionalList(members: Members, name: string, path: string): readonly unknown[] | undefined {
  const value = members[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!Array.isArray(value)) {
    throw wrongType(path, 'a list');
  }
  return value;
}

export function structure(value: unknown, path: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(path, 'a structure');
  }
  return value as Members;
}

export function present<T>(value: T | undefined, path: string): T {
  if (value === undefined) {
    throw violation(undefined, path, 'Member must not be null');
  }
  return value;
}

/** Epoch seconds, possibly with a fraction (docs/marketplace-facts.md#f-1-4), as milliseconds. */
export function requiredTimestamp(members: Members, name: string, path: string): number {
  const value = present(members[name] ?? undefined, path);
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > 8.64e12) {
    throw wrongType(path, 'a timestamp in epoch seconds');
  }
  return Math.round(value * 1_000);
}

export function wrongType(path: string, expected: string): WireError {
  return new WireError('SerializationException', `The value at '${path}' is not ${expected}`);
}
