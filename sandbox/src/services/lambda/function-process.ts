import { ChildProcess, spawn } from 'node:child_process';
import { failed } from './invocation';
import { launchCommand, missingEntrypoint, type LaunchCommand } from './launch-command';
import { LogRing } from './log-ring';
import { RESPONSE_HOST } from './runtime/response-url';
import { RuntimeApi, RuntimeInvocation } from './runtime-api';
import type { FunctionModel } from '../../model';
import type { InvocationResult } from '../../ports';

/** Lambda allows 10 s; a laptop that starts many processes at once gets more. */
const INIT_TIMEOUT_MILLIS = 60_000;

export interface ProcessOptions {
  readonly fn: FunctionModel;
  /** Folder with the function's code. */
  readonly taskRoot: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly startTime: number;
  /** What the random numbers of the process depend on until its first invocation. */
  readonly seed: string;
  readonly log: LogRing;
}

/** One warm copy of a function: a process that runs one invocation at a time. */
export class FunctionProcess {
  private child: ChildProcess | undefined;
  private command: LaunchCommand | undefined;
  private ended: InvocationResult | undefined;
  private resolveResult: ((result: InvocationResult) => void) | undefined;
  private currentRequest: string | undefined;
  private isPolling = false;
  private onOverdue: (() => void) | undefined;
  private onPolling: (() => void) | undefined;
  private readonly api = new RuntimeApi({
    polling: () => {
      this.isPolling = true;
      this.onPolling?.();
    },
    answered: (requestId, isError, body) => {
      if (requestId === this.currentRequest) {
        this.finish(resultOf(isError, body));
      }
    },
    overdue: () => this.onOverdue?.(),
    initFailed: (body) => this.end({ failure: 'init', payload: body }),
  });

  constructor(private readonly options: ProcessOptions) {}

  get alive(): boolean {
    return this.ended === undefined;
  }

  /** Starts the process and waits for the end of its initialization. A failure shows in the result of `invoke`. */
  async start(): Promise<void> {
    const address = await this.api.listen();
    if (this.ended) {
      return this.api.close();
    }
    const { fn, taskRoot, startTime, seed, environment } = this.options;
    const missing = missingEntrypoint(fn, taskRoot);
    if (missing !== undefined) {
      return this.end(failed('init', 'Runtime.InvalidEntrypoint', missing));
    }
    const command = launchCommand({ fn, taskRoot, address, startTime, seed });
    const child = spawn(command.program, command.args, {
      cwd: command.directory,
      env: { ...environment, ...!command.isOurs && { AWS_LAMBDA_RUNTIME_API: address } },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    this.command = command;
    child.stdin.on('error', () => undefined);
    this.options.log.follow(child.stdout);
    this.options.log.follow(child.stderr);
    child.once('error', (error) => this.end(failed('init', 'Runtime.SpawnError', command.whenMissing ?? error.message)));
    child.once('exit', (code, signal) => this.end(exited(code, signal)));

    const timer = setTimeout(() => this.end(failed('init', 'Sandbox.InitTimedout',
      `initialization did not end within ${INIT_TIMEOUT_MILLIS / 1000} s`)), INIT_TIMEOUT_MILLIS);
    await this.ready();
    clearTimeout(timer);
  }

  /** Resolves when the process can take an invocation, or never will. */
  async ready(): Promise<void> {
    if (this.isPolling || this.ended) {
      return;
    }
    await new Promise<void>((resolve) => {
      this.onPolling = resolve;
    });
  }

  /** Runs one invocation; `timeoutSeconds` of real time, or of waiting in virtual time, then the process is killed. */
  async invoke(invocation: RuntimeInvocation, timeoutSeconds: number): Promise<InvocationResult> {
    if (this.ended) {
      return this.ended;
    }
    const result = new Promise<InvocationResult>((resolve) => {
      this.resolveResult = resolve;
    });
    this.onOverdue = () => this.end(failed('timeout', 'Sandbox.Timedout',
      `${invocation.requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`));
    const timer = setTimeout(this.onOverdue, timeoutSeconds * 1000);
    this.currentRequest = invocation.requestId;
    this.isPolling = false;
    this.api.give({
      ...invocation,
      ...this.command?.rewritesResponseUrl === false && { payload: this.withReachableResponseUrl(invocation.payload) },
      // A process in real time would see the end of its time in virtual time as past, or as far away.
      ...this.command?.isOurs === false && { deadline: Date.now() + timeoutSeconds * 1000 },
    });
    const outcome = await result;
    clearTimeout(timer);
    return outcome;
  }

  /** SIGKILL, as when the machine below it dies; a running invocation ends as crashed. */
  kill(): void {
    this.end(exited(null, 'SIGKILL'));
  }

  private withReachableResponseUrl(payload: string | Buffer): string {
    return payload.toString().replaceAll(`https://${RESPONSE_HOST}`, this.options.environment.AWS_ENDPOINT_URL ?? '');
  }

  private finish(result: InvocationResult): void {
    const resolveResult = this.resolveResult;
    this.resolveResult = undefined;
    this.currentRequest = undefined;
    resolveResult?.(result);
  }

  private end(result: InvocationResult): void {
    if (this.ended) {
      return;
    }
    this.ended = result;
    if (this.command?.isOurs === false) {
      // Its guard ends it, with all that it started.
      this.child?.stdin?.end();
    } else {
      this.child?.kill('SIGKILL');
    }
    this.api.close();
    this.finish(result);
    this.onPolling?.();
  }
}

/** A runtime that is not the sandbox's may answer with anything. */
function resultOf(isError: boolean, body: string): InvocationResult {
  try {
    JSON.parse(body || 'null');
  } catch {
    return failed('handled', 'Runtime.InvalidResponse', `the function did not answer with JSON, but with: ${body.slice(0, 100)}`);
  }
  const payload = body || 'null';
  return isError ? { failure: 'handled', payload } : { payload };
}

function exited(code: number | null, signal: string | null): InvocationResult {
  const how = signal ? `with error: signal: ${signal}` : code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
  return failed('crash', 'Runtime.ExitError', `Runtime exited ${how}`);
}
