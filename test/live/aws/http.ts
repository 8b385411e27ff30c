import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The only version of TLS that is offered. Default: any that Node.js has. */
  readonly tlsVersion?: 'TLSv1.1' | 'TLSv1.2';
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const TIMEOUT_MS = 60_000;

/** A request with these headers only: `fetch` would add an Accept header. */
export async function request({ method, url, headers = {}, body = '', tlsVersion }: HttpRequest): Promise<HttpAnswer> {
  const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  // The name of the handshake stays that of the address, whatever the Host header says. OpenSSL has TLS 1.1 at security level 0 only.
  const tls = { servername: new URL(url).hostname, ...tlsVersion && { minVersion: tlsVersion, maxVersion: tlsVersion, ciphers: 'DEFAULT@SECLEVEL=0' } };
  const options = { method, headers: { ...headers, ...length }, timeout: TIMEOUT_MS, agent: false as const };
  const sent = url.startsWith('https:') ? https.request(url, { ...options, ...tls }) : http.request(url, options);
  sent.on('timeout', () => sent.destroy(new Error(`${url} did not answer within ${TIMEOUT_MS} ms`)));
  const answered = once(sent, 'response') as Promise<[http.IncomingMessage]>;
  sent.end(body);
  const [answer] = await answered;
  // A server that refuses a large body closes the connection before it is written: the answer is there all the same.
  sent.on('error', () => undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
  }
  return { status: answer.statusCode ?? 0, contentType: answer.headers['content-type'] ?? 'none', body: Buffer.concat(chunks).toString() };
}
