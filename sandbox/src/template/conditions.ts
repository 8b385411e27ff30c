import { resolve } from './intrinsics';
import type { Scope } from './scope';
import type { Place } from './template-path';

/** Whether an expression of the `Conditions` section holds. */
export function evaluateCondition(expression: unknown, scope: Scope, place: Place): boolean {
  const [name, argument] = singleEntry(expression) ?? place.fail('a condition function is needed.');
  const inner = place.at(name);
  switch (name) {
    case 'Condition':
      return typeof argument === 'string' ? scope.condition(argument, inner) : inner.fail('the name of a condition is needed.');
    case 'Fn::Equals': {
      const [left, right] = operands(argument, inner, 2, 2);
      return canonical(resolve(left, scope, inner)) === canonical(resolve(right, scope, inner));
    }
    case 'Fn::And':
      return operands(argument, inner, 1).every((operand) => evaluateCondition(operand, scope, inner));
    case 'Fn::Or':
      return operands(argument, inner, 1).some((operand) => evaluateCondition(operand, scope, inner));
    case 'Fn::Not':
      return !evaluateCondition(operands(argument, inner, 1, 1)[0], scope, inner);
    default:
      return place.fail(`${name} is not a condition function the sandbox knows.`);
  }
}

function singleEntry(expression: unknown): [string, unknown] | undefined {
  const entries = typeof expression === 'object' && expression !== null ? Object.entries(expression) : [];
  return entries.length === 1 ? entries[0] : undefined;
}

function operands(argument: unknown, place: Place, atLeast: number, atMost = Infinity): unknown[] {
  return Array.isArray(argument) && argument.length >= atLeast && argument.length <= atMost
    ? argument
    : place.fail('a list of operands is needed.');
}

/** CloudFormation compares texts: the number 1 and the text "1" are equal. */
function canonical(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
