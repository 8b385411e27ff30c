import { CodeFolders } from './code';
import { FunctionPool } from './function-pool';
import { LogRing } from './log-ring';
import { MetricTotals } from './metrics';
import { functionReference, isArn } from '../../arn';
import { Activity } from '../../clock/activity';
import type { MetricHistory } from '../../control/metric-history';
import type { Faults } from '../../faults/faults';
import { Callers } from '../../gateway/callers';
import { IdSequence } from '../../ids';
import type { FunctionModel } from '../../model';
import type { FailureKind, InvocationResult, Log } from '../../ports';
import { Clock } from '../../ports';

const KEPT_LOG_LINES = 500;
const KEPT_FAILURES = 1_000;
const STUCK_MILLIS = 5000;
const SHOWN_LOG_LINES = 20;

export interface RuntimeInput {
  readonly functions: readonly FunctionModel[];
  readonly endpoint: string;
  readonly clock: Clock;
  readonly callers: Callers;
  readonly ids: IdSequence;
  readonly log: Log;
  readonly scratch: string;
  readonly activity: Activity;
  readonly history: MetricHistory;
  readonly faults: Pick<Faults, 'struck'>;
}

/** An invocation that failed. */
export interface FunctionFailure {
  /** ISO 8601, virtual. */
  readonly time: string;
  readonly function: string;
  readonly logicalId: string;
  readonly kind: FailureKind;
  readonly errorType: string;
  readonly errorMessage: string;
  /** A fault struck while the function ran: its failure is no surprise. */
  readonly afterFault: boolean;
}

/** Whether an error message of a function is an answer to its caller, such as the `Unauthorized` of an authorizer. */
export type IsAnswer = (errorMessage: string | undefined) => boolean;

/** Runs functions. Its callers decide what follows from a failure. */
export class FunctionRuntime {
  readonly metrics: MetricTotals;
  readonly failures: FunctionFailure[] = [];
  private readonly pools = new Map<string, FunctionPool>();
  private readonly code: CodeFolders;

  constructor(private readonly input: RuntimeInput) {
    this.code = new CodeFolders(input.scratch);
    this.metrics = new MetricTotals(input.history);
    for (const fn of input.functions) {
      const log = new LogRing(KEPT_LOG_LINES, (line) => this.metrics.take(line, input.clock.now()));
      this.pools.set(fn.arn, new FunctionPool({ fn, endpoint: input.endpoint, callers: input.callers, code: this.code, log }));
    }
  }

  /** Makes the folders with the functions' code, once. */
  async deploy(): Promise<void> {
    await this.code.deploy(this.input.functions);
  }

  /** By ARN, name, or what stands between (`account:function:name`), qualified or not. Of several by one name, that of the region. */
  find(reference: string, region?: string): FunctionModel | undefined {
    const { functions } = this.input;
    if (isArn(reference)) {
      return functions.find((fn) => fn.arn === reference || reference.startsWith(`${fn.arn}:`));
    }
    const { name } = functionReference(reference);
    const named = functions.filter((fn) => fn.name === name);
    return named.find((fn) => fn.region === region) ?? named[0];
  }

  /** @param isAnswer which error messages are an answer that the caller asks for, so that they are no failure */
  async invoke(fn: FunctionModel, payload: string | Buffer, isAnswer: IsAnswer = () => false): Promise<InvocationResult> {
    const pool = this.pools.get(fn.arn)!;
    const requestId = this.input.ids.next('request');
    this.input.activity.beginRun(fn.arn);
    const struck = this.input.faults.struck;
    const result = await pool.invoke({ requestId, payload, time: this.input.clock.now() });
    this.input.activity.endRun(fn.arn, result.failure !== undefined);
    if (result.failure && !isAnswer(parse(result.payload).errorMessage)) {
      this.report(fn, pool, result, this.input.faults.struck > struck);
    }
    return result;
  }

  /** Whether an invocation runs for so long that it may be waiting for work that waits for it. */
  isStuck(): boolean {
    return [...this.pools.values()].some((pool) => pool.runningMillis() > STUCK_MILLIS);
  }

  /** Ends the processes of one function. */
  kill(fn: FunctionModel): void {
    this.pools.get(fn.arn)!.kill();
  }

  logs(): Record<string, readonly string[]> {
    return Object.fromEntries(this.input.functions.map((fn) => [fn.name, this.pools.get(fn.arn)!.log.lines()]));
  }

  /** Forgets logs and metrics, and ends every process: the next invocation of each function is a cold start. */
  reset(keepProcesses = false): void {
    for (const pool of this.pools.values()) {
      if (!keepProcesses) {
        pool.restart();
      }
      pool.log.clear();
    }
    this.metrics.clear();
    this.failures.length = 0;
  }

  private report(fn: FunctionModel, pool: FunctionPool, result: InvocationResult, afterFault: boolean): void {
    const { errorType, errorMessage } = parse(result.payload);
    const time = new Date(this.input.clock.now()).toISOString();
    this.failures.push({
      time,
      function: fn.name,
      logicalId: fn.logicalId,
      kind: result.failure!,
      errorType: errorType ?? 'Error',
      errorMessage: firstLine(errorMessage ?? result.payload),
      afterFault,
    });
    if (this.failures.length > KEPT_FAILURES) {
      this.failures.shift();
    }
    this.input.log.info(`${time} ${fn.name} failed: ${errorType ?? 'Error'}: ${firstLine(errorMessage ?? result.payload)}`);
    for (const line of pool.log.fresh(SHOWN_LOG_LINES)) {
      this.input.log.info(`    | ${line}`);
    }
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0];
}

function parse(payload: string): { errorType?: string; errorMessage?: string } {
  try {
    return JSON.parse(payload) ?? {};
  } catch {
    return {};
  }
}
