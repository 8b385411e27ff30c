import { BlockList, isIP } from 'node:net';
import { arnMatches } from './arn';
import type { RequestContext } from './context';
import { expression, matches } from './pattern';

export interface Operator {
  /** `…Not…`: met when no policy value matches, and when the request lacks the key. */
  readonly negated: boolean;
  /** Whether one value of the request matches one of the policy. */
  test(policyValue: string, value: string, context: RequestContext): boolean;
}

type Test = Operator['test'];

const equals: Test = (policyValue, value, context) => matches(expression(policyValue, context, false), value);
const equalsIgnoreCase: Test = (policyValue, value, context) => matches(expression(policyValue, context, false), value, true);
const like: Test = (policyValue, value, context) => matches(expression(policyValue, context, true), value);
const bool: Test = (policyValue, value, context) => /^(true|false)$/i.test(value) && equalsIgnoreCase(policyValue, value, context);

/** Base name, in lower case -> operator. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(Object.entries<Operator>({
  stringequals: positive(equals),
  stringnotequals: negative(equals),
  stringequalsignorecase: positive(equalsIgnoreCase),
  stringnotequalsignorecase: negative(equalsIgnoreCase),
  stringlike: positive(like),
  stringnotlike: negative(like),
  arnequals: positive(arnMatches),
  arnnotequals: negative(arnMatches),
  arnlike: positive(arnMatches),
  arnnotlike: negative(arnMatches),
  bool: positive(bool),
  binaryequals: positive((policyValue, value) => policyValue === value),
  numericequals: positive(numeric((wanted, given) => given === wanted)),
  numericnotequals: negative(numeric((wanted, given) => given === wanted)),
  numericlessthan: positive(numeric((wanted, given) => given < wanted)),
  numericlessthanequals: positive(numeric((wanted, given) => given <= wanted)),
  numericgreaterthan: positive(numeric((wanted, given) => given > wanted)),
  numericgreaterthanequals: positive(numeric((wanted, given) => given >= wanted)),
  dateequals: positive(date((wanted, given) => given === wanted)),
  datenotequals: negative(date((wanted, given) => given === wanted)),
  datelessthan: positive(date((wanted, given) => given < wanted)),
  datelessthanequals: positive(date((wanted, given) => given <= wanted)),
  dategreaterthan: positive(date((wanted, given) => given > wanted)),
  dategreaterthanequals: positive(date((wanted, given) => given >= wanted)),
  ipaddress: positive(inBlock),
  notipaddress: negative(inBlock),
}));

function positive(test: Test): Operator {
  return { test, negated: false };
}

function negative(test: Test): Operator {
  return { test, negated: true };
}

function numeric(compare: (wanted: number, given: number) => boolean): Test {
  return (policyValue, value) => compare(number(policyValue), number(value));
}

/** NaN, which compares to nothing, for what is no number. */
function number(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

function date(compare: (wanted: number, given: number) => boolean): Test {
  return (policyValue, value) => compare(instant(policyValue), instant(value));
}

/** Epoch milliseconds of an ISO 8601 date or of epoch seconds. */
function instant(text: string): number {
  return /^\d+$/.test(text) && text.length !== 4 ? Number(text) * 1000 : Date.parse(text);
}

function inBlock(policyValue: string, value: string): boolean {
  const [address = '', prefix] = policyValue.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(value) !== family) {
    return false;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(address, Number(prefix ?? (family === 4 ? 32 : 128)), type);
  return block.check(value, type);
}
