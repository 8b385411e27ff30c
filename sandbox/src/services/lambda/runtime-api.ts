import * as http from 'node:http';
import { AddressInfo } from 'node:net';

/** Some runtimes want one. Nothing is traced. */
const TRACE_ID = 'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0';

export interface RuntimeInvocation {
  readonly requestId: string;
  readonly functionArn: string;
  readonly payload: string | Buffer;
  /** Virtual epoch milliseconds at which the run starts, and at which its time is over. */
  readonly time: number;
  readonly deadline: number;
}

export interface RuntimeEvents {
  /** The process asks for its next invocation: its initialization is over. */
  polling(): void;
  answered(requestId: string, failed: boolean, body: string): void;
  initFailed(body: string): void;
  /** All that is left to the handler is waiting beyond the end of its time. */
  overdue(): void;
}

/** With it a process that answers an invocation asks for the next one in the same request. */
const NEXT_HEADER = 'x-sandbox-next';

/** Lambda's runtime API (version 2018-06-01) for one process, on a port of its own. */
export class RuntimeApi {
  private waiting: http.ServerResponse | undefined;
  private readonly server: http.Server;

  constructor(private readonly events: RuntimeEvents) {
    this.server = http.createServer((request, response) => this.serve(request, response));
    this.server.keepAliveTimeout = 0;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers the process that waits for its next invocation. */
  give(invocation: RuntimeInvocation): void {
    const response = this.waiting;
    if (!response) {
      throw new Error('the process does not wait for an invocation');
    }
    this.waiting = undefined;
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.requestId,
      'lambda-runtime-invoked-function-arn': invocation.functionArn,
      'lambda-runtime-deadline-ms': String(invocation.deadline),
      'lambda-runtime-trace-id': TRACE_ID,
      'x-sandbox-time': String(invocation.time),
    });
    response.end(invocation.payload);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private poll(response: http.ServerResponse): void {
    this.waiting = response;
    this.events.polling();
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const route = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (route === 'invocation/next') {
      this.poll(response);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      if (request.headers[NEXT_HEADER] === undefined) {
        response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
      } else {
        this.poll(response);
      }
      const match = /^invocation\/([^/]+)\/(response|error)$/.exec(route);
      if (route.endsWith('/overdue')) {
        this.events.overdue();
      } else if (match) {
        this.events.answered(match[1], match[2] === 'error', body);
      } else if (route === 'init/error') {
        this.events.initFailed(body);
      }
    });
  }
}
