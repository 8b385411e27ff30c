import { compilePattern } from './pattern';
import { nextOccurrence } from './schedule-expression';
import type { Value } from '../../template';

/** An event pattern EventBridge would take. */
export function eventPattern(value: Value): Record<string, unknown> {
  return checked(value, value.record(), compilePattern);
}

/** A schedule expression EventBridge would take. */
export function scheduleExpression(value: Value): string {
  return checked(value, value.string(), (expression) => nextOccurrence(expression, 0));
}

function checked<T>(value: Value, data: T, check: (data: T) => unknown): T {
  try {
    check(data);
  } catch (error) {
    value.place.fail(`${error instanceof Error ? error.message : String(error)}.`);
  }
  return data;
}
