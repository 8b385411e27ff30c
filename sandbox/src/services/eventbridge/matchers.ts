import { BlockList, isIP } from 'node:net';

/** Whether a value of an event (no object, no list) is what an entry of a pattern's list asks for. */
export type ValueMatcher = (value: unknown) => boolean;

/** An event pattern EventBridge would not take. */
export class PatternError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PatternError';
  }
}

/** A text, number, truth or null, or one of the matchers with a name, `exists` excepted. */
export function valueMatcher(entry: unknown, path: string): ValueMatcher {
  if (typeof entry !== 'object' || entry === null) {
    return (value) => value === entry;
  }
  const [[name, argument] = ['', undefined], ...others] = Object.entries(entry);
  const make = NAMED[name];
  if (make === undefined || others.length > 0) {
    throw new PatternError(`${path}: ${JSON.stringify(entry)} is not a matcher`);
  }
  return make(argument, `${path}.${name}`);
}

type MatcherFactory = (argument: unknown, path: string) => ValueMatcher;

const NAMED: Readonly<Record<string, MatcherFactory>> = {
  'prefix': affix((value, part) => value.startsWith(part)),
  'suffix': affix((value, part) => value.endsWith(part)),
  'equals-ignore-case': (argument, path) => {
    const wanted = text(argument, path).toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
  },
  'wildcard': (argument, path) => {
    const pattern = wildcardExpression(text(argument, path));
    return (value) => typeof value === 'string' && pattern.test(value);
  },
  'anything-but': anythingBut,
  'numeric': numeric,
  'cidr': cidr,
};

function affix(test: (value: string, part: string) => boolean): MatcherFactory {
  return (argument, path) => {
    if (typeof argument === 'object' && argument !== null && 'equals-ignore-case' in argument) {
      const wanted = text(argument['equals-ignore-case'], path).toLowerCase();
      return (value) => typeof value === 'string' && test(value.toLowerCase(), wanted);
    }
    const wanted = text(argument, path);
    return (value) => typeof value === 'string' && test(value, wanted);
  };
}

function anythingBut(argument: unknown, path: string): ValueMatcher {
  const excluded = anythingButEntries(argument, path).map((entry) => valueMatcher(entry, path));
  return (value) => !excluded.some((matcher) => matcher(value));
}

/** `"a"`, `["a", "b"]`, `{"prefix": "a"}` and `{"prefix": ["a", "b"]}` as a list of matchers. */
function anythingButEntries(argument: unknown, path: string): unknown[] {
  if (Array.isArray(argument)) {
    return argument;
  }
  if (typeof argument !== 'object' || argument === null) {
    return [argument];
  }
  const [[name, inner] = ['', undefined]] = Object.entries(argument);
  if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(name)) {
    throw new PatternError(`${path}: ${JSON.stringify(argument)} is not a matcher`);
  }
  return (Array.isArray(inner) ? inner : [inner]).map((entry: unknown) => ({ [name]: entry }));
}

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '=': (value, limit) => value === limit,
  '>=': (value, limit) => value >= limit,
  '>': (value, limit) => value > limit,
};

function numeric(argument: unknown, path: string): ValueMatcher {
  const parts: unknown[] = Array.isArray(argument) ? argument : [];
  const conditions = parts.flatMap((part, index) => index % 2 === 0 ? [{ compare: COMPARISONS[String(part)], limit: parts[index + 1] }] : []);
  const checks = conditions.map(({ compare, limit }) => {
    if (compare === undefined || typeof limit !== 'number') {
      throw new PatternError(`${path}: ${JSON.stringify(argument)} is not a list of comparisons such as [">", 0, "<=", 5]`);
    }
    return (value: number) => compare(value, limit);
  });
  if (checks.length === 0) {
    throw new PatternError(`${path}: at least one comparison is needed`);
  }
  return (value) => typeof value === 'number' && checks.every((check) => check(value));
}

function cidr(argument: unknown, path: string): ValueMatcher {
  const [address = '', prefix = ''] = text(argument, path).split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) {
    throw new PatternError(`${path}: ${JSON.stringify(argument)} is not a block of addresses`);
  }
  const block = new BlockList();
  block.addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  return (value) => typeof value === 'string' && isIP(value) === family && block.check(value, family === 4 ? 'ipv4' : 'ipv6');
}

function wildcardExpression(pattern: string): RegExp {
  const source = pattern.replace(/\\([\\*])|\*|[.+?^${}()|[\]\\]/g, (match, escapedCharacter?: string) => {
    if (escapedCharacter !== undefined) {
      return `\\${escapedCharacter}`;
    }
    return match === '*' ? '.*' : `\\${match}`;
  });
  return new RegExp(`^${source}$`, 's');
}

function text(argument: unknown, path: string): string {
  if (typeof argument !== 'string') {
    throw new PatternError(`${path}: a text is needed, but this is ${JSON.stringify(argument)}`);
  }
  return argument;
}
