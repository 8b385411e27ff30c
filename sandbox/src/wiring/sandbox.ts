import { Core, CoreInput, makeCore } from './core';
import { makeServices, Services } from './services';
import { makeWork, Work } from './work';
import { startFlow } from '../clock/real-time';
import { ControlApi } from '../control/control-api';
import { ResetOptions } from '../control/reset-request';
import { HttpAnswer, HttpRequest } from '../gateway/aws-call';
import { parseCall } from '../gateway/parse-call';
import { RestApis } from '../services/api-gateway/rest-apis';
import { planTtlSweeps } from '../services/dynamodb/ttl-sweep';
import { planSchedules } from '../services/eventbridge/schedules';
import { Fauxqs } from '../services/fauxqs/fauxqs';

/** A deployed app with the AWS around it. */
export class Sandbox {
  readonly core: Core;
  readonly work: Work;
  readonly services: Services;
  private readonly apis: RestApis;
  private readonly control: ControlApi;
  private stopFlow: (() => void) | undefined;
  private wasDenied = false;

  constructor(input: CoreInput) {
    this.core = makeCore(input);
    this.work = makeWork(this.core);
    this.services = makeServices(this.core, this.work);
    this.apis = new RestApis({ ...this.core, ...this.work, apis: input.model.apis });
    this.control = new ControlApi(this);
  }

  /** Whether a function was ever denied a call, resets or not. */
  get denied(): boolean {
    return this.wasDenied || this.services.authorizer.denials().length > 0;
  }

  async start(): Promise<void> {
    await this.deploy();
    const { clock, agenda, loop, onError } = this.core;
    if (clock.factor > 0) {
      this.stopFlow = startFlow(clock, agenda, loop, onError);
    }
  }

  /**
   * As freshly started: everything is empty, time is back at the start, or at `time`. With `keepProcesses`, functions stay
   * warm: faster for those that keep nothing in memory from one invocation to the next, or to which time does not go back.
   */
  async reset({ keepProcesses, time }: ResetOptions = { keepProcesses: false }): Promise<void> {
    const { agenda, calls, clock, faults, ids, loop } = this.core;
    await loop.exclusive(async () => {
      this.wasDenied = this.denied;
      this.work.runtime.reset(keepProcesses);
      this.services.marketplace.reset();
      loop.clear();
      agenda.clear();
      clock.reset(time);
      for (const part of [this.services.authorizer, this.work.history, faults, calls]) {
        part.clear();
      }
      this.work.pollers.forEach((poller) => poller.reset());
      ids.reset();
      await this.core.engine.current?.close();
      await this.deploy();
    });
  }

  /** Undefined: cut the connection. */
  async handle(request: HttpRequest): Promise<HttpAnswer | undefined> {
    if (this.control.serves(request.path)) {
      return this.control.handle(request);
    }
    if (this.apis.serves(request.path)) {
      return this.apis.handle(request);
    }
    const call = parseCall(request, this.core.callers);
    if (!call) {
      return this.control.unknown(request);
    }
    // Sent by a process that has died since: on AWS it might have arrived or not.
    if (this.core.callers.isRetired(call.accessKeyId)) {
      return undefined;
    }
    return this.services.gateway.handle(call);
  }

  async stop(): Promise<void> {
    this.stopFlow?.();
    this.work.runtime.reset();
    await this.core.engine.current?.close();
    this.core.dynamodb.close();
  }

  private async deploy(): Promise<void> {
    const { model, dynamodb, engine, agenda, clock } = this.core;
    const [fauxqs] = await Promise.all([Fauxqs.create(), dynamodb.deploy(model.tables)]);
    engine.current = fauxqs;
    await this.work.queues.deploy(fauxqs);
    await this.work.topics.deploy(fauxqs);
    for (const bucket of model.buckets) {
      await fauxqs.request({ method: 'PUT', url: `/${bucket.name}`, headers: {} });
    }
    for (const mapping of model.eventSourceMappings) {
      const fn = this.work.findFunction(mapping.functionArn);
      if (fn) {
        this.services.authorizer.checkMapping(fn, mapping.eventSourceArn, clock.now());
      }
    }
    planSchedules({ ...this.core, rules: model.rules, bus: this.work.bus });
    planTtlSweeps(model.tables, agenda, clock, dynamodb);
  }
}
