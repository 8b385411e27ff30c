import * as fs from 'node:fs';
import * as path from 'node:path';
import type { FunctionModel } from '../../model';

const NODE_BOOTSTRAP = path.join(__dirname, 'runtime', 'bootstrap.js');
const PYTHON_BOOTSTRAP = path.join(__dirname, '../../../runtimes/python/bootstrap.py');
const GUARD = path.join(__dirname, '../../guard.js');
const PYTHON = process.platform === 'win32' ? 'python' : 'python3';

/** Runtimes that need no command: Node.js, Python, and what brings its own runtime. */
const RUN_HERE = /^(nodejs|python3\.|provided)/;

export function runsHere(runtime: string): boolean {
  return RUN_HERE.test(runtime);
}

/** How the process of a function is started. */
export interface LaunchCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** The process lives in virtual time, and ends when its stdin closes. Others run behind a guard, which ends them. */
  readonly isOurs: boolean;
  /** The URL at which custom resources answer is rewritten inside the process. */
  readonly rewritesResponseUrl: boolean;
  /** What to do when the program is not there. */
  readonly whenMissing?: string;
}

export interface LaunchInput {
  readonly fn: FunctionModel;
  /** Folder with the function's code. */
  readonly taskRoot: string;
  /** host:port of the runtime API. */
  readonly address: string;
  /** Virtual epoch milliseconds. */
  readonly startTime: number;
  /** What the random numbers of the process depend on until its first invocation. */
  readonly seed: string;
}

export function launchCommand({ fn, taskRoot, address, startTime, seed }: LaunchInput): LaunchCommand {
  if (fn.command !== undefined) {
    const shell = process.platform === 'win32' ? ['cmd', '/d', '/s', '/c'] : ['/bin/sh', '-c'];
    return guarded([...shell, fn.command], process.cwd());
  }
  if (fn.runtime.startsWith('python')) {
    return {
      program: PYTHON,
      args: ['-u', '-B', PYTHON_BOOTSTRAP, address, String(startTime), seed],
      directory: taskRoot,
      isOurs: true,
      rewritesResponseUrl: false,
      whenMissing: `there is no ${PYTHON} on the PATH of this machine, which runs functions in Python: install Python 3`,
    };
  }
  if (fn.runtime.startsWith('provided')) {
    return guarded([path.join(taskRoot, 'bootstrap')], taskRoot);
  }
  const args = [NODE_BOOTSTRAP, address, String(startTime), seed];
  return { program: process.execPath, args, directory: taskRoot, isOurs: true, rewritesResponseUrl: true };
}

/** Why the code cannot start; undefined: it may. */
export function missingEntrypoint(fn: FunctionModel, taskRoot: string): string | undefined {
  return fn.command === undefined && fn.runtime.startsWith('provided') && !fs.existsSync(path.join(taskRoot, 'bootstrap'))
    ? `Couldn't find valid bootstrap(s): [${taskRoot}/bootstrap]`
    : undefined;
}

function guarded(command: readonly string[], directory: string): LaunchCommand {
  return { program: process.execPath, args: [GUARD, ...command], directory, isOurs: false, rewritesResponseUrl: false };
}
