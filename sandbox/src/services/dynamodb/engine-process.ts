import { ChildProcess, spawn } from 'node:child_process';
import * as net from 'node:net';
import * as path from 'node:path';
import { StartupError } from '../../errors';

const ATTEMPTS = 3;

export interface EngineProcess {
  readonly url: string;
  stop(): void;
}

/** A DynamoDB engine that runs as a program of its own. */
export interface EngineProgram {
  readonly name: string;
  readonly program: string;
  /** Of a server that listens at that port of this machine. */
  readonly args: (port: number) => readonly string[];
}

/** Starts an engine on a free port; it ends with this process. */
export async function startEngine({ name, program, args }: EngineProgram, onExit: (message: string) => void): Promise<EngineProcess> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = spawn(process.execPath, [path.join(__dirname, '../../guard.js'), program, ...args(port)], { stdio: ['pipe', 'pipe', 'pipe'] });
    const failure = await listening(child);
    if (failure === undefined) {
      let stopped = false;
      child.once('exit', (code) => !stopped && onExit(`the DynamoDB engine (${name}) ended by itself with status ${code}`));
      return {
        url: `http://127.0.0.1:${port}`,
        stop: () => {
          stopped = true;
          child.stdin.end();
        },
      };
    }
    if (attempt === ATTEMPTS) {
      throw new StartupError(`the DynamoDB engine (${name}) does not start: ${failure}`);
    }
  }
}

/** Resolves to undefined when the engine listens, to its output when it ended instead. */
function listening(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let output = '';
    const onData = (chunk: Buffer): void => {
      output += String(chunk);
      if (/\blistening (?:on|at)\b/.test(output)) {
        resolve(undefined);
      }
    };
    child.stdout!.on('data', onData);
    child.stderr!.on('data', onData);
    child.once('exit', (code) => resolve(output.trim() || `exit status ${code}`));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
