/*
 * What runs inside a function's process: polls the runtime API, as Lambda's own runtime client does.
 * argv: host:port of the runtime API, the virtual time at which the process starts, and what its random numbers depend on.
 */
import { subscribe } from 'node:diagnostics_channel';
import * as http from 'node:http';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { Handler, loadHandler } from './handler-loader';
import { installResponseUrl } from './response-url';
import { installVirtualDate } from './virtual-date';
import { installVirtualRandom } from './virtual-random';
import { installVirtualSleep } from './virtual-sleep';

// Bundles are large: compiled once, every later cold start is twice as fast.
enableCompileCache?.();
const [api, startTime, seed] = process.argv.splice(2);
const time = installVirtualDate(Number(startTime));
const random = installVirtualRandom(seed);
const sleep = installVirtualSleep(time);
const sandbox = new URL(process.env.AWS_ENDPOINT_URL!);
installResponseUrl(sandbox.href);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
let current: string | undefined;
let made = 0;
// After a reset, processes have the seeds of earlier ones.
const turn = (): string => `${made++} ${process.pid} ${seed}`;

// Every request takes a step of the handler's time, and says when it was made, as rate limits go by that, and after which others.
subscribe('http.client.request.created', (message) => {
  const { request } = message as { request: http.ClientRequest & { agent?: http.Agent } };
  if (request.agent !== agent) {
    time.step();
    request.setHeader('x-sandbox-instant', time.now());
    if (request.getHeader('host') === sandbox.host) {
      request.setHeader('x-sandbox-turn', turn());
    }
  }
});
subscribe('undici:request:create', (message) => {
  const { request } = message as { request: { origin: unknown; addHeader(name: string, value: string): void } };
  time.step();
  if (String(request.origin) === sandbox.origin) {
    request.addHeader('x-sandbox-instant', String(time.now()));
    request.addHeader('x-sandbox-turn', turn());
  }
});

// The other end of stdin is the sandbox: the process ends with it.
process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
process.on('unhandledRejection', (error) => void die(error, 'Runtime.UnhandledPromiseRejection'));
process.on('uncaughtException', (error) => void die(error));
main().catch(() => process.exit(1));

interface Answer {
  readonly headers: http.IncomingHttpHeaders; readonly body: string;
}

function call(method: string, route: string, body?: string, more?: http.OutgoingHttpHeaders): Promise<Answer> {
  const [host, port] = api.split(':');
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-length': Buffer.byteLength(body), 'content-type': 'application/json', ...more };
    const request = http.request({ agent, host, port, method, path: `/2018-06-01/runtime/${route}`, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function describe(error: unknown, type?: string): string {
  const known = error instanceof Error ? error : new Error(String(error));
  return JSON.stringify({ errorType: type ?? known.name, errorMessage: known.message, trace: (known.stack ?? '').split('\n') });
}

async function die(error: unknown, type?: string): Promise<void> {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  if (current) {
    await call('POST', `invocation/${current}/error`, describe(error, type)).catch(() => undefined);
  }
  process.exit(1);
}

function contextOf(headers: http.IncomingHttpHeaders): Record<string, unknown> {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function run(handler: Handler, event: unknown, context: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const result = handler(event, context, (error, value) => error ? reject(error) : resolve(value));
    const answersByCallback = handler.length >= 3 && typeof (result as Promise<unknown> | undefined)?.then !== 'function';
    if (!answersByCallback) {
      resolve(result);
    }
  });
}

async function main(): Promise<void> {
  let handler: Handler;
  try {
    handler = await loadHandler(process.env.LAMBDA_TASK_ROOT!, process.env._HANDLER!, __filename);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    await call('POST', 'init/error', describe(error));
    return process.exit(1);
  }
  setImmediate(() => flushCompileCache?.());
  let next = await call('GET', 'invocation/next');
  for (;;) {
    const id = String(next.headers['lambda-runtime-aws-request-id']);
    time.set(Number(next.headers['x-sandbox-time']));
    random.restart(id);
    current = id;
    let outcome: { route: string; body: string };
    try {
      const deadline = Number(next.headers['lambda-runtime-deadline-ms']);
      const overdue = (): void => void call('POST', `invocation/${id}/overdue`, '{}').catch(() => undefined);
      const result = await sleep.during(() => run(handler, JSON.parse(next.body), contextOf(next.headers)), deadline, overdue);
      outcome = { route: 'response', body: JSON.stringify(result) ?? 'null' };
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      outcome = { route: 'error', body: describe(error) };
    }
    current = undefined;
    next = await call('POST', `invocation/${id}/${outcome.route}`, outcome.body, { 'x-sandbox-next': 'true' });
  }
}
