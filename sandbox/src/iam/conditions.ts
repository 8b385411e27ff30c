import type { PolicyStatement } from '../model';
import { contextValues, type RequestContext } from './context';
import { OPERATORS, type Operator } from './operators';

type Conditions = NonNullable<PolicyStatement['Condition']>;

const OPERATOR_NAME = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/i;

/**
 * Whether all conditions of a statement are met.
 *
 * @throws Error on an operator that does not exist.
 */
export function conditionsMet(conditions: Conditions | undefined, context: RequestContext): boolean {
  return Object.entries(conditions ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => isMet(operator, typeof wanted === 'string' ? [wanted] : wanted, contextValues(context, key), context)));
}

function isMet(name: string, wanted: readonly string[], values: readonly string[] | undefined, context: RequestContext): boolean {
  const [, quantifier = '', base = '', ifExists] = OPERATOR_NAME.exec(name) ?? [];
  if (base.toLowerCase() === 'null') {
    return wanted.some((value) => (value.toLowerCase() === 'true') === (values === undefined));
  }
  const operator = OPERATORS.get(base.toLowerCase());
  if (operator === undefined) {
    throw new Error(`"${name}" is not a condition operator of IAM`);
  }
  if (values === undefined && ifExists !== undefined) {
    return true;
  }
  const passes = (value: string) => passesOne(operator, wanted, value, context);
  switch (quantifier.toLowerCase()) {
    case 'forallvalues':
      return (values ?? []).every(passes);
    case 'foranyvalue':
      return (values ?? []).some(passes);
    default:
      if (values === undefined) {
        return operator.negated;
      }
      return operator.negated ? values.every(passes) : values.some(passes);
  }
}

function passesOne(operator: Operator, wanted: readonly string[], value: string, context: RequestContext): boolean {
  return operator.negated !== wanted.some((candidate) => operator.test(candidate, value, context));
}
