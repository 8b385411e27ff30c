import { parseDuration } from '../clock/duration';
import { FunctionModel } from '../model';
import { ControlError } from '../ports';

export const FAULT_SERVICES = ['metering', 'entitlement', 'agreement', 'dynamodb', 'sqs', 'sns', 'events', 'lambda', 's3', 'sts'] as const;

export interface FaultError {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** The call is performed all the same: its caller cannot know. */
  readonly after: boolean;
  /** With code `Unprocessed` (metering): how many records come back unprocessed. Default all. */
  readonly count?: number;
}

export interface Fault {
  readonly service: string;
  readonly operation?: string;
  /** Name, ARN or logical id of the calling function (of the invoked one for `lambda`), or the start of its logical id. */
  readonly function?: string;
  readonly error?: FaultError;
  readonly crash?: 'before' | 'after';
  readonly drop?: boolean;
  readonly duplicate?: boolean;
  readonly delayMillis?: number;
  readonly skip: number;
  readonly times: number;
}

interface ArmedFault { readonly id: number; readonly spec: unknown; readonly fault: Fault; seen: number; hits: number }

/** Faults asked for, and how often each struck. */
export class Faults {
  private armed: ArmedFault[] = [];
  private lastId = 0;

  add(spec: unknown): number {
    const fault = parseFault(spec);
    this.armed.push({ id: ++this.lastId, spec, fault, seen: 0, hits: 0 });
    return this.lastId;
  }

  /** The first fault that strikes this call; counts it. */
  strike(service: string, operation: string, fn?: FunctionModel): Fault | undefined {
    for (const entry of this.armed) {
      const { fault } = entry;
      const matches = fault.service === service && (fault.operation ?? operation) === operation && matchesFunction(fault.function, fn);
      if (!matches || entry.hits >= fault.times) continue;
      if (entry.seen++ < fault.skip) continue;
      entry.hits++;
      return fault;
    }
    return undefined;
  }

  list(): unknown[] {
    return this.armed.map(({ id, spec, fault, hits }) => ({ id, ...spec as object, hits, remaining: fault.times - hits }));
  }

  clear(): void {
    this.armed = [];
    this.lastId = 0;
  }
}

function matchesFunction(reference: string | undefined, fn: FunctionModel | undefined): boolean {
  if (reference === undefined) return true;
  return fn !== undefined && (fn.name === reference || fn.arn === reference || fn.logicalId.startsWith(reference));
}

function parseFault(spec: unknown): Fault {
  if (typeof spec !== 'object' || spec === null) throw invalid('a fault is a JSON object');
  const { service, operation, function: fn, error, crash, drop, duplicate, delay, times = 1, skip = 0, ...unknown } = spec as Record<string, unknown>;
  const strange = Object.keys(unknown);
  if (strange.length > 0) throw invalid(`unknown member ${strange.join(', ')}`);
  if (typeof service !== 'string' || !(FAULT_SERVICES as readonly string[]).includes(service)) throw invalid(`service must be one of ${FAULT_SERVICES.join(', ')}`);
  if (operation !== undefined && typeof operation !== 'string') throw invalid('operation must be a string');
  if (fn !== undefined && typeof fn !== 'string') throw invalid('function must be a string');
  if (crash !== undefined && crash !== 'before' && crash !== 'after') throw invalid('crash must be "before" or "after"');
  if (!isCount(times) || times < 1) throw invalid('times must be a whole number from 1');
  if (!isCount(skip)) throw invalid('skip must be a whole number from 0');
  if (service === 'lambda' && delay !== undefined) throw invalid('an invocation cannot be delayed: delay the message or event that leads to it');
  const effects = [error, crash, drop || undefined, duplicate || undefined, delay].filter((effect) => effect !== undefined);
  if (effects.length !== 1) throw invalid('exactly one of error, crash, drop, duplicate and delay is needed');
  return {
    service,
    operation,
    function: fn,
    crash,
    skip,
    times,
    drop: drop === true,
    duplicate: duplicate === true,
    ...error !== undefined && { error: parseError(error) },
    ...delay !== undefined && { delayMillis: parseDelay(delay) },
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** A code, or `{code, message?, status?, after?, count?}`. Server faults and access errors get the status their clients expect. */
function parseError(error: unknown): FaultError {
  const given: Record<string, unknown> = typeof error === 'string' ? { code: error } : typeof error === 'object' && error !== null ? { ...error } : {};
  const code = given.code ?? given.name;
  if (typeof code !== 'string' || !code) throw invalid('error must be a code or {code, message?, status?, after?, count?}');
  const status = typeof given.status === 'number' ? given.status : /Internal|ServiceUnavailable|ServiceFailure/.test(code) ? 500 : 400;
  return {
    code,
    status,
    message: typeof given.message === 'string' ? given.message : `${code} (fault of the sandbox)`,
    after: given.after === true,
    ...typeof given.count === 'number' && { count: given.count },
  };
}

/** ISO 8601 duration, or seconds. */
function parseDelay(delay: unknown): number {
  const millis = typeof delay === 'number' ? delay * 1000 : typeof delay === 'string' ? parseDuration(delay) : undefined;
  if (millis === undefined || !(millis >= 0)) throw invalid('delay must be an ISO 8601 duration or seconds');
  return millis;
}

function invalid(message: string): ControlError {
  return new ControlError(400, 'InvalidFault', message);
}
