import * as http from 'node:http';
import * as https from 'node:https';
import type { AwsCall, HttpAnswer } from './aws-call';
import { AwsError } from '../errors';

/** A call of a service that the sandbox does not emulate, which left for another emulator. */
export interface ForwardedCall {
  /** ISO 8601, virtual. */
  readonly time: string;
  /** Logical id of the function that made it; null for other callers. */
  readonly function: string | null;
  readonly service: string;
  readonly operation: string;
  /** Where it went. */
  readonly to: string;
  /** HTTP status of the answer; null: there was none. */
  readonly status: number | null;
}

const KEPT_CALLS = 1_000;
/** They belong to a connection, not to an answer. */
const OF_CONNECTION = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

/** Passes calls of services that the sandbox does not emulate to emulators that its user runs. */
export class Forwarding {
  private calls: ForwardedCall[] = [];

  /** @param targets address of the emulator, by the service's signing name */
  constructor(private readonly targets: Readonly<Record<string, string>>, private readonly now: () => number) {}

  serves(service: string): boolean {
    return Object.hasOwn(this.targets, service);
  }

  /** @throws AwsError when the emulator does not answer */
  async forward(call: AwsCall): Promise<HttpAnswer> {
    const to = this.targets[call.service]!;
    const { caller, operation, service } = call;
    const entry = { time: new Date(this.now()).toISOString(), function: caller?.fn.logicalId ?? null, service, operation, to };
    try {
      const answer = await send(new URL(call.url, to), call);
      this.add({ ...entry, status: answer.status });
      return answer;
    } catch (error) {
      this.add({ ...entry, status: null });
      throw new AwsError('ServiceUnavailable', `${to}, to which calls of ${call.service} are forwarded, does not answer: ${(error as Error).message}`, 503);
    }
  }

  /** The last 1,000, in order. */
  list(): readonly ForwardedCall[] {
    return [...this.calls];
  }

  clear(): void {
    this.calls = [];
  }

  private add(call: ForwardedCall): void {
    this.calls = [...this.calls, call].slice(-KEPT_CALLS);
  }
}

function send(target: URL, { request }: AwsCall): Promise<HttpAnswer> {
  const headers = { ...request.headers, 'host': target.host, 'content-length': String(request.body.length) };
  const { request: open } = target.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = open(target, { method: request.method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const kept = Object.entries(response.headers).filter(([name, value]) => value !== undefined && !OF_CONNECTION.has(name));
        resolve({ status: response.statusCode ?? 502, headers: Object.fromEntries(kept) as HttpAnswer['headers'], body: Buffer.concat(chunks) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}
