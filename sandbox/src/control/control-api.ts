import { HttpAnswer, HttpRequest } from '../gateway/aws-call';
import { ControlError } from '../ports';
import { clockTarget } from './clock-request';
import { rawEvent } from './raw-event';
import { resetOptions } from './reset-request';
import { readState } from './state';
import { EVENT_EFFECTS } from '../faults/fault';
import type { Sandbox } from '../wiring/sandbox';

const PREFIX = '/_sandbox/';

type Route = (body: unknown, parameters: readonly string[]) => unknown;

/** The control API: what a test, a demo or a person does to the world around the app. */
export class ControlApi {
  private readonly routes: readonly (readonly [string, RegExp, Route])[];

  constructor(private readonly sandbox: Sandbox) {
    const { core, services, work } = sandbox;
    const { calls, faults } = core;
    const { marketplace } = services;
    this.routes = [
      ['GET', /^state$/, () => readState(sandbox)],
      ['GET', /^clock$/, () => this.clock()],
      ['POST', /^clock$/, (body) => this.moveClock(body)],
      ['POST', /^purchase$/, (body) => core.loop.exclusive(async () => marketplace.purchase(body))],
      ['POST', /^agreements\/([^/]+)\/([^/]+)$/, (body, [id, action]) => core.loop.exclusive(async () => marketplace.agreement(id, action, body))],
      ['POST', /^events$/, (body) => this.putEvent(body)],
      ['GET', /^faults$/, () => ({ faults: faults.list() })],
      ['POST', /^faults$/, (body) => ({ id: faults.add(body) })],
      ['DELETE', /^faults$/, () => clear(faults)],
      ['GET', /^settings$/, () => marketplace.settings.list()],
      ['POST', /^settings$/, (body) => marketplace.settings.set(body)],
      ['GET', /^calls$/, () => ({ calls: calls.list() })],
      ['DELETE', /^calls$/, () => clear(calls)],
      ['GET', /^logs$/, () => ({ logs: work.runtime.logs() })],
      ['POST', /^reset$/, (body) => sandbox.reset(resetOptions(body))],
    ];
  }

  serves(path: string): boolean {
    return path.startsWith(PREFIX);
  }

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    try {
      const path = request.path.slice(PREFIX.length);
      const known = this.routes.filter(([, pattern]) => pattern.test(path));
      const route = known.find(([method]) => method === request.method);
      if (!route && known.length > 0) {
        throw new ControlError(405, 'MethodNotAllowed', `${request.path} knows ${known.map(([method]) => method).join(', ')}`);
      }
      if (!route) {
        return this.unknown(request);
      }
      const [, pattern, run] = route;
      const parameters = pattern.exec(path)!.slice(1).map(decoded);
      return answer(200, await run(parseBody(request.body), parameters) ?? {});
    } catch (error) {
      if (error instanceof ControlError) {
        return failure(error);
      }
      throw error;
    }
  }

  unknown(request: HttpRequest): HttpAnswer {
    return failure(new ControlError(404, 'NotFound',
      `the sandbox knows no ${request.method} ${request.path}: it serves AWS requests, ${PREFIX}… and /_apis/…`));
  }

  private clock(): unknown {
    return { clock: new Date(this.sandbox.core.clock.now()).toISOString() };
  }

  private async moveClock(body: unknown): Promise<unknown> {
    const { clock, loop } = this.sandbox.core;
    await loop.exclusive(() => loop.advanceTo(clockTarget(body, clock.now())));
    return this.clock();
  }

  private async putEvent(body: unknown): Promise<unknown> {
    const { core, work, services } = this.sandbox;
    return core.loop.exclusive(async () => {
      const event = rawEvent(body, { id: () => core.ids.next('event'), now: core.clock.now(), account: services.sellerAccountId });
      work.intake.put('default', event, core.faults.strike('events', 'PutEvents', EVENT_EFFECTS));
      return { id: event.id };
    });
  }
}

function clear(part: { clear(): void }): void {
  part.clear();
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ControlError(400, 'InvalidPath', `${segment} is not percent-encoded text`);
  }
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) {
    return undefined;
  }
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new ControlError(400, 'InvalidJson', 'the body is not JSON');
  }
}

function answer(status: number, body: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function failure(error: ControlError): HttpAnswer {
  return answer(error.status, { error: { code: error.code, message: error.message } });
}
