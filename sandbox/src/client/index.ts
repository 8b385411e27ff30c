import { spawnCli, StartOptions } from './cli-process';
import { ControlCalls } from './control-calls';
import type { ReadyLine } from '../wiring/launch';

export { SandboxRequestError } from './control-calls';
export type { MoveOptions } from './control-calls';
export type { StartOptions } from './cli-process';

/** A running sandbox as a test, a demo or a script uses it. */
export class SandboxClient extends ControlCalls {
  constructor(readonly ready: ReadyLine, private readonly end: () => Promise<number>) {
    super(ready.endpoint);
  }

  get endpoint(): string {
    return this.ready.endpoint;
  }

  get registrationUrl(): string {
    return this.ready.registrationUrl ?? '';
  }

  get outputs(): Readonly<Record<string, unknown>> {
    return this.ready.outputs;
  }

  /** Ends the sandbox; returns its exit code: 0, or 1 when a function was denied an AWS call, or failed where no fault struck it. */
  stop(): Promise<number> {
    return this.end();
  }
}

/**
 * Starts a sandbox in a process of its own, which ends with this one at the latest.
 * @throws Error with what the sandbox wrote when it does not start
 */
export async function startSandbox(options: StartOptions): Promise<SandboxClient> {
  const { ready, end } = await spawnCli(options);
  return new SandboxClient(ready, end);
}
