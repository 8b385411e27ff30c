/*
 * Starts a program that does not watch its parent, and ends it, with all that it started, when stdin closes: however the sandbox
 * ends, even by SIGKILL, nothing stays behind. argv: the program and its arguments.
 */
import { spawn } from 'node:child_process';

/** A group of processes of its own, so that a shell's children end with it. */
const detached = process.platform !== 'win32';

const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached });
const end = (): void => {
  try {
    if (detached && child.pid !== undefined) {
      process.kill(-child.pid, 'SIGKILL');
    } else {
      child.kill('SIGKILL');
    }
  } catch {
    // It has ended by itself.
  }
};

child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code) => process.exit(code ?? 1));
process.stdin.on('end', end).on('error', end).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => undefined);
}
