import * as http from 'node:http';
import type { ArmedFaultView, EventRequest, FaultRequest, PurchaseRequest, TokenRequest } from './requests';
import type { LoggedCall } from '../gateway/call-log';
import type { PurchaseResult } from '../marketplace';
import type { SandboxState } from '../services';

/** The sandbox refused a request: `code` and `status` say why. */
export class SandboxRequestError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
    this.name = 'SandboxRequestError';
  }
}

/** How the clock is moved. */
export interface MoveOptions {
  /**
   * ISO 8601 duration: schedules that have no reason to run do so once in this time only, so that a year takes seconds. A schedule
   * runs at its own rate while something happens, and at each time that an item of a table names. Default: every time.
   */
  readonly thin?: string;
}

/** The control API (`/_sandbox/…`) as methods. Bodies are those of the HTTP contract. */
export class ControlCalls {
  private readonly agent = new http.Agent({ keepAlive: true });

  constructor(private readonly base: string) {}

  state(): Promise<SandboxState> {
    return this.call('GET', 'state');
  }

  purchase(body: PurchaseRequest = {}): Promise<PurchaseResult> {
    return this.call('POST', 'purchase', body);
  }

  agreement<T = Record<string, unknown>>(agreementId: string, action: string, body: Readonly<Record<string, unknown>> = {}): Promise<T> {
    return this.call('POST', `agreements/${encodeURIComponent(agreementId)}/${action}`, body);
  }

  putEvent(event: EventRequest): Promise<{ readonly id: string }> {
    return this.call('POST', 'events', event);
  }

  /** By an ISO 8601 duration; resolves when everything due has run. Returns the new time. */
  async advance(duration: string, options: MoveOptions = {}): Promise<string> {
    return (await this.call<{ clock: string }>('POST', 'clock', { advance: duration, ...options })).clock;
  }

  /** To an ISO 8601 time. */
  async setClock(time: string, options: MoveOptions = {}): Promise<string> {
    return (await this.call<{ clock: string }>('POST', 'clock', { set: time, ...options })).clock;
  }

  async clock(): Promise<string> {
    return (await this.call<{ clock: string }>('GET', 'clock')).clock;
  }

  /** Lets everything that is ready run. */
  waitUntilIdle(): Promise<string> {
    return this.advance('PT0S');
  }

  /** Keeps the present content of all tables: RestoreTableToPointInTime can go back to this moment. */
  keepRestorePoint(): Promise<unknown> {
    return this.call('POST', 'restore-points');
  }

  addFault(fault: FaultRequest): Promise<{ readonly id: number }> {
    return this.call('POST', 'faults', fault);
  }

  async faults(): Promise<readonly ArmedFaultView[]> {
    return (await this.call<{ faults: ArmedFaultView[] }>('GET', 'faults')).faults;
  }

  clearFaults(): Promise<unknown> {
    return this.call('DELETE', 'faults');
  }

  /** A token for JWT authorizers of HTTP APIs, as if `issuer` had given it to a user. */
  async token(request: TokenRequest): Promise<string> {
    return (await this.call<{ token: string }>('POST', 'tokens', request)).token;
  }

  settings<T = Record<string, unknown>>(): Promise<T> {
    return this.call('GET', 'settings');
  }

  set<T = Record<string, unknown>>(settings: Readonly<Record<string, unknown>>): Promise<T> {
    return this.call('POST', 'settings', settings);
  }

  /** AWS calls functions made since the start, the last reset or the last `clearCalls`. */
  async calls(): Promise<readonly LoggedCall[]> {
    return (await this.call<{ calls: LoggedCall[] }>('GET', 'calls')).calls;
  }

  clearCalls(): Promise<unknown> {
    return this.call('DELETE', 'calls');
  }

  /** Last lines each function printed. */
  async logs(): Promise<Readonly<Record<string, readonly string[]>>> {
    return (await this.call<{ logs: Record<string, string[]> }>('GET', 'logs')).logs;
  }

  /**
   * As freshly started, or as if started at `time` (ISO 8601). `keepProcesses`: functions stay warm, which is faster; those
   * that keep times in memory work only if time does not go back.
   */
  reset(options: { readonly keepProcesses?: boolean; readonly time?: string } = {}): Promise<unknown> {
    return this.call('POST', 'reset', options);
  }

  /** A move of the clock may take longer than `fetch` waits for a first byte. */
  private call<T>(method: string, route: string, body?: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const request = http.request(`${this.base}/_sandbox/${route}`, { agent: this.agent, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = JSON.parse(Buffer.concat(chunks).toString());
          if (response.statusCode === 200) {
            resolve(answer);
          } else {
            reject(new SandboxRequestError(response.statusCode ?? 0, answer.error?.code, answer.error?.message));
          }
        });
      });
      request.on('error', reject);
      request.end(text);
    });
  }
}
