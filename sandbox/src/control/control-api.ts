import { clockMove } from './clock-request';
import { TimerQueue } from '../clock/timer-queue';
import { VirtualClock } from '../clock/virtual-clock';
import { ControlError } from '../errors';
import { ResetOptions, resetOptions } from './reset-request';
import { ControlRoute } from './route';
import { readState, StateInput } from './state';
import { Faults } from '../faults/faults';
import { HttpAnswer, HttpRequest } from '../gateway/aws-call';
import { CallLog } from '../gateway/call-log';

const PREFIX = '/_sandbox/';

export interface ControlInput extends StateInput {
  readonly clock: VirtualClock;
  readonly timers: TimerQueue;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** What the services serve. */
  readonly routes: readonly ControlRoute[];
  readonly reset: (options: ResetOptions) => Promise<void>;
}

/** The control API: what a test, a demo or a person does to the sandbox. */
export class ControlApi {
  private readonly routes: readonly ControlRoute[];

  constructor(private readonly input: ControlInput) {
    const { calls, faults, routes, reset } = input;
    this.routes = [
      { method: 'GET', path: /^state$/, run: () => readState(input) },
      { method: 'GET', path: /^clock$/, run: () => this.clock() },
      { method: 'POST', path: /^clock$/, run: (body) => this.moveClock(body) },
      { method: 'GET', path: /^faults$/, run: () => ({ faults: faults.list() }) },
      { method: 'POST', path: /^faults$/, run: (body) => ({ id: faults.add(body) }) },
      { method: 'DELETE', path: /^faults$/, run: () => faults.clear() },
      { method: 'GET', path: /^calls$/, run: () => ({ calls: calls.list() }) },
      { method: 'DELETE', path: /^calls$/, run: () => calls.clear() },
      { method: 'POST', path: /^reset$/, run: (body) => reset(resetOptions(body)) },
      ...routes,
    ];
  }

  serves(path: string): boolean {
    return path.startsWith(PREFIX);
  }

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    try {
      const below = request.path.slice(PREFIX.length);
      const known = this.routes.filter(({ path }) => path.test(below));
      const route = known.find(({ method }) => method === request.method);
      if (!route && known.length > 0) {
        throw new ControlError(405, 'MethodNotAllowed', `${request.path} knows ${known.map(({ method }) => method).join(', ')}`);
      }
      if (!route) {
        return this.unknown(request);
      }
      const parameters = route.path.exec(below)!.slice(1).map(decoded);
      return answer(200, await route.run(parseBody(request.body), parameters) ?? {});
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
    return { clock: new Date(this.input.clock.now()).toISOString() };
  }

  private async moveClock(body: unknown): Promise<unknown> {
    const { clock, loop } = this.input;
    await loop.exclusive(() => {
      const { target, thinMillis } = clockMove(body, clock.now());
      return thinMillis === undefined ? loop.advanceTo(target) : loop.advanceThinned(target, thinMillis);
    });
    return this.clock();
  }
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
