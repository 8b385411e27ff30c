import { cidrBlocks } from './cidr';
import type { Scope } from './scope';
import type { TemplatePath } from './template-path';

/**
 * The value with every intrinsic function replaced by what it stands for. `AWS::NoValue` is undefined, and dropped from
 * lists and objects.
 *
 * @throws AssemblyError when a reference cannot be resolved.
 */
export function resolve(value: unknown, scope: Scope, place: TemplatePath): unknown {
  if (Array.isArray(value)) {
    return value.map((entry, index) => resolve(entry, scope, place.at(index))).filter((entry) => entry !== undefined);
  }
  if (typeof value === 'string') {
    return scope.resolveText(value, place);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && isIntrinsic(first[0])) {
    return call(first[0], first[1], scope, place);
  }
  const resolved = entries.map(([key, entry]) => [key, resolve(entry, scope, place.at(key))] as const);
  return Object.fromEntries(resolved.filter(([, entry]) => entry !== undefined));
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

type Intrinsic = (argument: unknown, scope: Scope, place: TemplatePath) => unknown;

function call(name: string, argument: unknown, scope: Scope, place: TemplatePath): unknown {
  const intrinsic = INTRINSICS[name];
  if (intrinsic === undefined) {
    return place.fail(`${name} is not supported by the sandbox.`);
  }
  return intrinsic(argument, scope, place.at(name));
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (argument, scope, place) => scope.reference(text(argument, place), place),
  'Fn::GetAtt': (argument, scope, place) => {
    const parts = typeof argument === 'string' ? splitAtFirstDot(argument) : argument;
    const [logicalId, attribute] = tuple(parts, 2, place);
    return scope.attribute(text(logicalId, place), resolvedText(attribute, scope, place), place);
  },
  'Fn::Join': (argument, scope, place) => {
    const [separator, parts] = tuple(argument, 2, place);
    return scope.resolveText(resolvedList(parts, scope, place.at(1)).map((part) => text(part, place)).join(text(separator, place)), place);
  },
  'Fn::Sub': substitute,
  'Fn::Select': (argument, scope, place) => {
    const [index, parts] = tuple(argument, 2, place);
    const list = resolvedList(parts, scope, place.at(1));
    const position = Number(resolvedText(index, scope, place.at(0)));
    return position in list ? list[position] : place.fail(`there is no element ${position} in a list of ${list.length}.`);
  },
  'Fn::Split': (argument, scope, place) => {
    const [separator, whole] = tuple(argument, 2, place);
    return resolvedText(whole, scope, place.at(1)).split(text(separator, place));
  },
  'Fn::If': (argument, scope, place) => {
    const [name, whenTrue, whenFalse] = tuple(argument, 3, place);
    const isMet = typeof name === 'string' ? scope.condition(name, place) : evaluateCondition(name, scope, place);
    return resolve(isMet ? whenTrue : whenFalse, scope, place.at(isMet ? 1 : 2));
  },
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': (argument, scope, place) => scope.imported(resolvedText(argument, scope, place), place),
  'Fn::GetStackOutput': (argument, scope, place) => {
    const { StackName: stackName, OutputName: outputName } = record(argument, place);
    return scope.stackOutput(resolvedText(stackName, scope, place), resolvedText(outputName, scope, place), place);
  },
  'Fn::GetAZs': (argument, scope, place) => {
    const region = resolvedText(argument, scope, place) || scope.region;
    return ['a', 'b', 'c'].map((zone) => region + zone);
  },
  'Fn::Base64': (argument, scope, place) => Buffer.from(resolvedText(argument, scope, place)).toString('base64'),
  'Fn::Cidr': (argument, scope, place) => {
    const [block, count, bits] = resolvedList(argument, scope, place).map((part) => text(part, place));
    return cidrBlocks(block ?? '', Number(count), bits === undefined ? undefined : Number(bits))
      ?? place.fail('the arguments must be an IPv4 block, a count and the number of bits of each subnet.');
  },
  'Fn::ToJsonString': (argument, scope, place) => scope.resolveText(JSON.stringify(resolve(argument, scope, place)), place),
  'Fn::Length': (argument, scope, place) => resolvedList(argument, scope, place).length,
};

function substitute(argument: unknown, scope: Scope, place: TemplatePath): string {
  const [template, variables] = typeof argument === 'string' ? [argument, {}] : tuple(argument, 2, place);
  const own = record(variables, place);
  const filled = text(template, place).replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal !== '') {
      return `\${${name}}`;
    }
    if (Object.hasOwn(own, name)) {
      return resolvedText(own[name], scope, place.at(name));
    }
    const [logicalId = '', attribute] = splitAtFirstDot(name.trim());
    return text(attribute === undefined ? scope.reference(logicalId, place) : scope.attribute(logicalId, attribute, place), place);
  });
  return scope.resolveText(filled, place);
}

function findInMap(argument: unknown, scope: Scope, place: TemplatePath): unknown {
  const [map, topKey, secondKey, options] = tuple(argument, 3, place);
  const names = [map, topKey, secondKey].map((part) => resolvedText(part, scope, place));
  const [mapName = '', top = '', second = ''] = names;
  const found = scope.mapping(mapName, top, second);
  if (found !== undefined) {
    return resolve(found, scope, place);
  }
  if (options !== undefined) {
    return resolve(record(options, place).DefaultValue, scope, place);
  }
  return place.fail(`there is no mapping ${names.join('.')}.`);
}

function splitAtFirstDot(name: string): string[] {
  const dot = name.indexOf('.');
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function tuple(argument: unknown, atLeast: number, place: TemplatePath): unknown[] {
  return Array.isArray(argument) && argument.length >= atLeast ? argument : place.fail(`a list of ${atLeast} arguments is needed.`);
}

function record(argument: unknown, place: TemplatePath): Record<string, unknown> {
  return typeof argument === 'object' && argument !== null && !Array.isArray(argument)
    ? { ...argument }
    : place.fail('an object is needed.');
}

function resolvedList(argument: unknown, scope: Scope, place: TemplatePath): unknown[] {
  const value = resolve(argument, scope, place);
  return Array.isArray(value) ? value : place.fail('a list is needed.');
}

function resolvedText(argument: unknown, scope: Scope, place: TemplatePath): string {
  return text(resolve(argument, scope, place), place);
}

function text(value: unknown, place: TemplatePath): string {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return place.fail(`a text is needed, but this is ${value === undefined ? 'AWS::NoValue' : JSON.stringify(value)}.`);
  }
}

/** Whether an expression of the `Conditions` section is true. */
export function evaluateCondition(expression: unknown, scope: Scope, place: TemplatePath): boolean {
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

function operands(argument: unknown, place: TemplatePath, atLeast: number, atMost = Infinity): unknown[] {
  return Array.isArray(argument) && argument.length >= atLeast && argument.length <= atMost
    ? argument
    : place.fail('a list of operands is needed.');
}

/** CloudFormation compares texts: the number 1 and the text "1" are equal. */
function canonical(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
