import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { HttpAnswer, HttpRequest } from './aws-call';
import { Turns } from './turns';
import { StartupError } from '../errors';

/** Functions write into every request when they made it, in their own virtual time. */
const INSTANT_HEADER = 'x-sandbox-instant';
/** And which of its process's requests it is, see {@link Turns}. */
const TURN_HEADER = 'x-sandbox-turn';
const OWN_HEADERS = new Set([INSTANT_HEADER, TURN_HEADER]);

/** Undefined: no answer at all; the connection is cut. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpAnswer | undefined>;

/** The sandbox's one port, on the loopback interface only. */
export class HttpServer {
  private readonly server: http.Server;
  private readonly turns = new Turns();

  constructor(private readonly handler: HttpHandler, private readonly onError: (error: unknown) => void) {
    this.server = http.createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 0;
    this.server.requestTimeout = 0;
  }

  /** `port` 0: any free one. Returns the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE'
        ? new StartupError(`port ${port} is in use: choose another with --port, or leave --port out for a free one`)
        : error.code === 'EACCES' ? new StartupError(`port ${port} may not be used: choose one above 1023`) : error));
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async serve(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      const request = toRequest(incoming, await bodyOf(incoming));
      const answer = await this.turns.inTurn(incoming.headers[TURN_HEADER] as string | undefined, () => this.handler(request));
      if (!answer) {
        incoming.socket.destroy();
        return;
      }
      const body = incoming.method === 'HEAD' ? '' : answer.body;
      const length = incoming.method === 'HEAD' ? {} : { 'content-length': Buffer.byteLength(body) };
      response.writeHead(answer.status, { ...answer.headers as Record<string, string | string[]>, ...answer.status === 204 ? {} : length });
      response.end(body);
    } catch (error) {
      // The client has disconnected, or was killed: there is no one to answer.
      if (incoming.socket.destroyed) {
        return;
      }
      this.onError(error);
      if (!response.headersSent) {
        response.writeHead(500, { 'content-type': 'application/json' });
      }
      response.end(JSON.stringify({ error: { code: 'InternalError', message: error instanceof Error ? error.message : String(error) } }));
    }
  }
}

function bodyOf(incoming: http.IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    incoming.on('error', reject);
  });
}

function toRequest(incoming: http.IncomingMessage, body: Buffer): HttpRequest {
  const url = new URL(incoming.url ?? '/', 'http://sandbox');
  const headers: Record<string, string> = {};
  const { [INSTANT_HEADER]: at, [TURN_HEADER]: _turn, ...sent } = incoming.headers;
  for (const name in sent) {
    const value = sent[name];
    headers[name] = Array.isArray(value) ? value.join(', ') : value ?? '';
  }
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    rawHeaders: incoming.rawHeaders.filter((_, index, all) => !OWN_HEADERS.has(all[index - index % 2].toLowerCase())),
    body,
    ...at !== undefined && { at: Number(at) },
  };
}
