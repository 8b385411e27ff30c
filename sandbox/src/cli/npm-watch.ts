import { execFile } from 'node:child_process';

const LOOK_MILLIS = 500;

/**
 * Calls `onEnd` when npm ends, if it has started this process (`npx`, `npm run`): between the two is a shell, which does not pass a signal on.
 * Where npm is not found, as on Windows, the end of the shell counts.
 */
export function watchNpm(environment: NodeJS.ProcessEnv, onEnd: () => void): void {
  if (environment.npm_command === undefined) {
    return;
  }
  const shell = process.ppid;
  const watched = [shell];
  execFile('ps', ['-o', 'ppid=', '-p', String(shell)], (error, stdout) => {
    const npm = Number(stdout);
    if (!error && npm > 0) {
      watched.push(npm);
    }
  });
  const look = setInterval(() => {
    if (process.ppid !== shell || !watched.every(isAlive)) {
      clearInterval(look);
      onEnd();
    }
  }, LOOK_MILLIS);
  look.unref();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
