import { request as httpRequest } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from './certificate';

/** Names that the browser finds on this machine, with `chromiumArgument`: two sites, as AWS and the seller are. */
const MARKETPLACE = 'console.marketplace.example';
const SELLER = 'saas.seller.example';

interface Fulfillment {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The console of AWS Marketplace and the API of the seller in a sandbox, on the internet as a browser sees it: two sites with TLS. */
export class TlsSites {
  static async start(): Promise<TlsSites> {
    const server = createServer(selfSignedCertificate(SELLER));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return new TlsSites(server);
  }

  /** Requests for the pages of the seller: method, what the browser says of the site that they come from, and whether they have a cookie. */
  readonly requests: string[] = [];
  readonly marketplaceUrl = `https://${MARKETPLACE}/`;
  readonly sellerUrl = `https://${SELLER}/`;
  private bought: Fulfillment | undefined;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      if (request.headers.host === MARKETPLACE) {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(this.console());
        return;
      }
      const { method = '', headers } = request;
      this.requests.push(`${method} ${String(headers['sec-fetch-site'])}${headers.cookie === undefined ? '' : ', with a cookie'}`);
      const target = new URL(request.url ?? '/', this.bought?.url);
      const forwarded = httpRequest(target, { method, headers: { ...headers, host: target.host } }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(forwarded);
    });
  }

  get chromiumArgument(): string {
    return `--host-resolver-rules=MAP *.example:443 127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on the console shows this purchase. */
  sell(bought: Fulfillment): void {
    this.bought = bought;
    this.requests.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private console(): string {
    const { url, fields } = this.bought ?? { url: '/', fields: {} };
    const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join('');
    const action = new URL(new URL(url, this.sellerUrl).pathname, this.sellerUrl).href;
    return `<!DOCTYPE html><link rel="icon" href="data:,"><form method="post" action="${action}">${inputs}<button>Set up your account</button></form>`;
  }
}
