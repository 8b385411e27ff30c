import { CodeFolders } from './code';
import { functionEnvironment } from './environment';
import { FunctionProcess } from './function-process';
import { LogRing } from './log-ring';
import { Callers } from '../../gateway/callers';
import type { FunctionModel } from '../../model';
import type { InvocationResult } from '../../ports';

/** Processes of one function at a time: more mean that it calls itself. */
const MAX_PROCESSES = 10;

export interface PoolInput {
  readonly fn: FunctionModel;
  readonly endpoint: string;
  readonly callers: Callers;
  readonly code: CodeFolders;
  readonly log: LogRing;
}

export interface PoolRequest {
  readonly requestId: string;
  readonly payload: string | Buffer;
  readonly time: number;
}

/** The warm processes of one function. It grows when the function is invoked while busy. */
export class FunctionPool {
  readonly log: LogRing;
  private readonly idle: FunctionProcess[] = [];
  private readonly all = new Set<FunctionProcess>();
  private readonly runs = new Set<number>();
  private readonly queue: (() => void)[] = [];
  /** Processes since the last {@link restart}. */
  private started = 0;

  constructor(private readonly input: PoolInput) {
    this.log = input.log;
  }

  async invoke(request: PoolRequest): Promise<InvocationResult> {
    const process = await this.acquire(request.time);
    const begun = performance.now();
    this.runs.add(begun);
    try {
      const { fn } = this.input;
      const deadline = request.time + fn.timeoutSeconds * 1000;
      return await process.invoke({ ...request, functionArn: fn.arn, deadline }, fn.timeoutSeconds);
    } finally {
      this.runs.delete(begun);
      this.release(process);
    }
  }

  /** Real milliseconds the longest of the running invocations has taken so far; 0 when none runs. */
  runningMillis(): number {
    return Math.max(0, ...[...this.runs].map((begun) => performance.now() - begun));
  }

  kill(): void {
    for (const process of this.all) {
      process.kill();
      this.input.callers.forget(process);
    }
    this.all.clear();
    this.idle.length = 0;
  }

  /** Ends all processes: those that follow start as the first ones did. */
  restart(): void {
    this.kill();
    this.started = 0;
  }

  private async acquire(time: number): Promise<FunctionProcess> {
    for (;;) {
      const warm = this.idle.pop();
      if (!warm) {
        break;
      }
      await warm.ready();
      if (warm.alive) {
        return warm;
      }
      this.discard(warm);
    }
    if (this.all.size < MAX_PROCESSES) {
      return this.launch(time);
    }
    await new Promise<void>((resolve) => this.queue.push(resolve));
    return this.acquire(time);
  }

  private async launch(time: number): Promise<FunctionProcess> {
    const { fn, callers, code, endpoint, log } = this.input;
    const accessKeyId = callers.issue();
    const taskRoot = code.folderOf(fn);
    const started = new FunctionProcess({
      fn,
      taskRoot,
      environment: functionEnvironment({
        fn, taskRoot, endpoint, accessKeyId, runtimeModules: code.runtimeModules, layers: code.layersOf(fn), machine: process.env,
      }),
      startTime: time,
      seed: `${fn.arn} ${++this.started}`,
      log,
    });
    callers.register(accessKeyId, { fn, process: started, roleArn: fn.roleArn });
    this.all.add(started);
    await started.start();
    return started;
  }

  private release(process: FunctionProcess): void {
    if (process.alive && this.all.has(process)) {
      this.idle.push(process);
    } else {
      this.discard(process);
    }
    this.queue.shift()?.();
  }

  private discard(process: FunctionProcess): void {
    this.all.delete(process);
    this.input.callers.forget(process);
  }
}
