import { parseDuration } from '../clock/duration';
import { ControlError } from '../errors';
import { FunctionModel } from '../model';
import { Fault, FaultEffect, FaultError, FaultSupport, isFunction } from './fault';

const UNPROCESSED = 'Unprocessed';

/** Errors of Lambda's functions have no wire status; these are of the services. */
const SERVER_ERRORS: readonly (readonly [RegExp, number])[] = [
  [/ServiceUnavailable/, 503],
  [/RequestEntityTooLarge/, 413],
  [/Internal|ServiceFailure/, 500],
];

/**
 * What a request for a fault asks for.
 *
 * @throws ControlError when the request is wrong, also when the fault could never apply
 */
export function parseFault(spec: unknown, functions: readonly FunctionModel[], apis: ReadonlyMap<string, FaultSupport>): Fault {
  const { service, operation, function: fn, error, crash, drop, duplicate, delay, times = 1, skip = 0, ...unknown } = record(spec, 'a fault');
  refuseUnknown(unknown, 'a fault');
  if (typeof service !== 'string' || !apis.has(service)) {
    throw invalid('service', service, `must be one of ${[...apis.keys()].join(', ')}`);
  }
  if (operation !== undefined && typeof operation !== 'string') {
    throw invalid('operation', operation, 'must be a string');
  }
  if (crash !== undefined && crash !== 'before' && crash !== 'after') {
    throw invalid('crash', crash, 'must be "before" or "after"');
  }
  if (drop !== undefined && drop !== true) {
    throw invalid('drop', drop, 'must be true, or left out');
  }
  if (duplicate !== undefined && duplicate !== true) {
    throw invalid('duplicate', duplicate, 'must be true, or left out');
  }
  if (!isCount(times) || times < 1) {
    throw invalid('times', times, 'must be a whole number from 1');
  }
  if (!isCount(skip)) {
    throw invalid('skip', skip, 'must be a whole number from 0');
  }
  const effects = Object.entries({ error, crash, drop, duplicate, delay }).filter(([, value]) => value !== undefined);
  if (effects.length !== 1) {
    throw fault(`exactly one of error, crash, drop, duplicate and delay is needed, but there are ${effects.length}`);
  }
  const parsedError = error === undefined ? undefined : parseError(error);
  const effect = parsedError?.code === UNPROCESSED ? 'unprocessed' : effects[0][0] as FaultEffect;
  checkOperation({ service, operation, effect }, apis);
  return {
    service,
    operation,
    function: functionOf(fn, functions),
    effect,
    crash,
    skip,
    times,
    drop: drop === true,
    duplicate: duplicate === true,
    ...parsedError && { error: parsedError },
    ...delay !== undefined && { delayMillis: parseDelay(delay) },
  };
}

/** A test whose fault can never apply would pass and prove nothing. */
function checkOperation({ service, operation, effect }: Pick<Fault, 'service' | 'operation' | 'effect'>, apis: ReadonlyMap<string, FaultSupport>): void {
  const { operations, applicable: { [effect]: applicable } = {}, unprocessed } = apis.get(service) ?? {};
  if (operation !== undefined && operations && !operations.includes(operation)) {
    throw invalid('operation', operation, `is not one ${service} has here; it has ${operations.join(', ')}`);
  }
  if (effect === 'unprocessed' && (unprocessed === undefined || (operation ?? unprocessed) !== unprocessed)) {
    throw invalid('error', UNPROCESSED, `is an outcome of ${unprocessedOutcomes(apis)} only, not of ${service}${operation ? `'s ${operation}` : ''}`);
  }
  if (applicable?.length === 0) {
    throw invalid(effect, service, 'is not possible for an invocation: delay the message or event that leads to it');
  }
  if (operation !== undefined && applicable && !applicable.includes(operation)) {
    throw invalid('operation', operation, `has nothing to ${effect}: of ${service}, ${effect} applies to ${applicable.join(', ')}. `
      + 'For a call whose caller cannot know its outcome, use error with after, or crash');
  }
}

function unprocessedOutcomes(apis: ReadonlyMap<string, FaultSupport>): string {
  return [...apis].flatMap(([name, { unprocessed }]) => unprocessed === undefined ? [] : [`${name}'s ${unprocessed}`]).join(', ');
}

function functionOf(reference: unknown, functions: readonly FunctionModel[]): string | undefined {
  if (reference === undefined) {
    return undefined;
  }
  if (typeof reference !== 'string' || !functions.some((fn) => isFunction(fn, reference))) {
    throw invalid('function', reference, `is no name, ARN, logical id or start of a logical id of a function of the app; it has ${functions.map((fn) => fn.logicalId).join(', ') || 'none'}`);
  }
  return reference;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** A code, or `{code, message?, status?, after?, count?}`. */
function parseError(error: unknown): FaultError {
  const given: Record<string, unknown> = typeof error === 'string' ? { code: error } : record(error, 'error');
  const { code, name: alias, message, status, after, count, ...unknown } = given;
  const name = code ?? alias;
  refuseUnknown(unknown, 'error');
  if (typeof name !== 'string' || !name) {
    throw invalid('error', error, 'must be a code or {code, message?, status?, after?, count?}');
  }
  if (message !== undefined && typeof message !== 'string') {
    throw invalid('error.message', message, 'must be a string');
  }
  if (status !== undefined && !(isCount(status) && status >= 400 && status <= 599)) {
    throw invalid('error.status', status, 'must be an HTTP status from 400 to 599');
  }
  if (after !== undefined && typeof after !== 'boolean') {
    throw invalid('error.after', after, 'must be true or false');
  }
  if (count !== undefined && (!isCount(count) || count < 1)) {
    throw invalid('error.count', count, 'must be a whole number from 1');
  }
  if (count !== undefined && name !== UNPROCESSED) {
    throw invalid('error.count', count, `is for the code ${UNPROCESSED} only, not for ${name}`);
  }
  if (after === true && name === UNPROCESSED) {
    throw invalid('error.after', after, `has no meaning with the code ${UNPROCESSED}: such records are not taken`);
  }
  return {
    code: name,
    status: status ?? SERVER_ERRORS.find(([pattern]) => pattern.test(name))?.[1] ?? 400,
    message: message ?? `${name} (fault of the sandbox)`,
    after: after === true,
    ...count !== undefined && { count },
  };
}

/** ISO 8601 duration, or seconds. */
function parseDelay(delay: unknown): number {
  const millis = typeof delay === 'number' ? delay * 1000 : typeof delay === 'string' ? parseDuration(delay) : undefined;
  if (millis === undefined || !(millis > 0)) {
    throw invalid('delay', delay, 'must be an ISO 8601 duration or seconds, above 0');
  }
  return millis;
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fault(`${what} is a JSON object`);
  }
  return { ...value };
}

function refuseUnknown(members: Readonly<Record<string, unknown>>, what: string): void {
  const strange = Object.keys(members);
  if (strange.length > 0) {
    throw fault(`unknown member ${strange.join(', ')} of ${what}`);
  }
}

function invalid(field: string, value: unknown, what: string): ControlError {
  return fault(`${field}: ${JSON.stringify(value) ?? 'nothing'} ${what}`);
}

function fault(message: string): ControlError {
  return new ControlError(400, 'InvalidFault', message);
}
