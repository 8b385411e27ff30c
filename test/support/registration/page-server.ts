import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { MemoryRegistrations } from './memory-registrations';
import type { RegistrationConfig } from '../../../src/names';
import { gatewayEvent } from '../integration';

/** The console of AWS Marketplace: a page of another site with "Set up your account". */
const MARKETPLACE = '/marketplace';
/** The app of the seller, which a buyer reaches with a code. */
const SELLERS_APP = '/welcome';

/** The registration pages on `localhost`, and AWS Marketplace on `127.0.0.1`, which is another site to a browser. */
export class PageServer {
  /** @param handsOver whether buyers continue in the app of the seller, which is another site */
  static async start(config: RegistrationConfig, { handsOver = false } = {}): Promise<PageServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${SELLERS_APP}`;
    const app = new MemoryRegistrations({ ...config, ...handsOver && { afterRegistration: { kind: 'HAND_OVER', url } } });
    const started = new PageServer(app, server);
    server.on('request', (request, response) => {
      void started.answer(request).then(({ statusCode, headers = {}, body }) => {
        response.writeHead(statusCode, headers as Record<string, string>).end(body);
      });
    });
    return started;
  }

  readonly requests: string[] = [];

  private constructor(readonly app: MemoryRegistrations, private readonly server: Server) {}

  get marketplaceUrl(): string {
    return `http://127.0.0.1:${this.port}${MARKETPLACE}`;
  }

  get pageUrl(): string {
    return `http://localhost:${this.port}/live/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private async answer(request: IncomingMessage): Promise<APIGatewayProxyResult> {
    const { pathname, search } = new URL(request.url ?? '/', this.pageUrl);
    if (pathname === MARKETPLACE) {
      const body = `<link rel="icon" href="data:,"><form method="post" action="${this.pageUrl}"><input name="x-amzn-marketplace-token" value="token"><button>Set up your account</button></form>`;
      return { statusCode: 200, headers: { 'content-type': 'text/html' }, body };
    }
    if (pathname === SELLERS_APP) {
      return { statusCode: 200, headers: { 'content-type': 'text/html' }, body: '<link rel="icon" href="data:,"><h1>Welcome to the app</h1>' };
    }
    this.requests.push(`${request.method} ${pathname.replace(/[\w-]{16}/, ':id')}`);
    const stage = '/live';
    const { cookie = '', 'content-type': type = '', 'accept-language': language = '' } = request.headers;
    const headers = { 'Cookie': cookie, 'Content-Type': type, 'Accept-Language': language };
    const path = pathname.slice(stage.length) || '/';
    const { method = 'GET' } = request;
    return await this.app.handle(gatewayEvent({ method, path, search, stage, headers, body: await text(request) })) as APIGatewayProxyResult;
  }
}
