import { Core, CoreInput, makeCore } from './core';
import { RunningService, RunningServices, SandboxService } from './service';
import { startRealTime } from '../clock/real-time';
import { ControlApi } from '../control/control-api';
import { ResetOptions } from '../control/reset-request';
import { AwsApi } from '../gateway/aws-api';
import { HttpAnswer, HttpRequest } from '../gateway/aws-call';
import { AwsGateway } from '../gateway/aws-gateway';
import { parseCall } from '../gateway/parse-call';
import type { Provided } from '../template';

/** A deployed app with the AWS around it. */
export class Sandbox {
  private readonly core: Core;
  private readonly apis: readonly AwsApi[];
  private readonly services = new RunningServices();
  private readonly gateway: AwsGateway;
  private readonly control: ControlApi;
  private stopRealTime: (() => void) | undefined;
  private wasDenied = false;
  private hadFailures = false;

  /** `prepared`: what services prepared, by their name. */
  constructor(input: CoreInput, services: readonly SandboxService<any, any>[], prepared: ReadonlyMap<string, unknown>) {
    this.apis = services.flatMap((service) => service.apis ?? []);
    this.core = makeCore(input, this.apis);
    for (const service of services) {
      this.start(service, prepared.get(service.name));
    }
    const running = this.services.all();
    const { clock, loop } = this.core;
    this.gateway = new AwsGateway({
      ...this.core,
      apis: this.apis,
      handlers: Object.assign({}, ...running.map(({ handlers }) => handlers)),
      runInTurn: (work) => loop.runInTurn(work),
      now: () => clock.now(),
    });
    this.control = new ControlApi({
      ...this.core,
      stubs: input.model.stubs,
      routes: running.flatMap(({ routes = [] }) => routes),
      states: running.flatMap((service) => service.state ? [() => service.state!()] : []),
      reset: (options) => this.reset(options),
    });
  }

  /** Whether a function was ever denied a call, also before a reset. */
  get denied(): boolean {
    return this.wasDenied || this.core.authorizer.denials().length > 0;
  }

  /** Whether a function ever failed where no fault struck it, also before a reset. */
  get failed(): boolean {
    return this.hadFailures || this.services.all().some((service) => service.failed?.() === true);
  }

  /** Values that resources got when they were deployed. */
  provided(): Provided {
    return new Map(this.services.all().flatMap((service) => [...service.provided?.() ?? []]));
  }

  async deploy(): Promise<void> {
    await this.create();
    const { clock, timers, loop, onError } = this.core;
    if (clock.realTimeFactor > 0) {
      this.stopRealTime = startRealTime(clock, timers, loop, onError);
    }
  }

  /**
   * As freshly started: everything is empty, time is back at the start, or at `time`. With `keepProcesses`, functions stay
   * warm: faster for those that keep nothing in memory from one invocation to the next, or to which time does not go back.
   */
  async reset(options: ResetOptions): Promise<void> {
    const { activity, authorizer, timers, calls, clock, faults, forwarding, ids, loop, lost, metrics, settings } = this.core;
    await loop.exclusive(async () => {
      this.wasDenied = this.denied;
      this.hadFailures = this.failed;
      this.services.all().forEach((service) => service.reset?.(options));
      for (const part of [loop, timers, activity, authorizer, faults, calls, forwarding, lost, metrics]) {
        part.clear();
      }
      clock.reset(options.time);
      ids.reset();
      settings.reset();
      await this.create();
    });
  }

  /** Undefined: cut the connection. */
  async handle(request: HttpRequest): Promise<HttpAnswer | undefined> {
    if (this.control.serves(request.path)) {
      return this.control.handle(request);
    }
    const website = this.services.all().find((service) => service.website?.serves(request))?.website;
    if (website) {
      return website.handle(request);
    }
    const { callers } = this.core;
    const call = parseCall(request, this.apis, callers);
    if (!call) {
      return this.control.unknown(request);
    }
    // The process has ended since it sent the call: on AWS the call might have arrived or not.
    if (callers.isRetired(call.accessKeyId)) {
      return undefined;
    }
    return this.gateway.handle(call);
  }

  async stop(): Promise<void> {
    this.stopRealTime?.();
    this.kill();
    await this.close();
  }

  kill(): void {
    this.services.all().forEach((service) => service.kill?.());
  }

  private start(service: SandboxService, prepared: unknown): void {
    if (!service.start) {
      return;
    }
    const running: RunningService = service.start({ core: this.core, services: this.services, prepared });
    this.services.add(service, running);
    for (const [arnService, handler] of Object.entries(running.destinations ?? {})) {
      this.core.destinations.add(arnService, handler);
    }
  }

  private async create(): Promise<void> {
    const { findings, model } = this.core;
    for (const { type, logicalId, stack, reason } of model.stubs) {
      findings.add('warning', 'STUB', `${type} ${logicalId} in stack ${stack} does nothing, or not all that it asks for: ${reason}`);
    }
    for (const { type, logicalId, stack, reason } of model.unchecked) {
      findings.add('warning', 'NOT_CHECKED', `${type} ${logicalId} in stack ${stack}: the sandbox does not check ${reason}`);
    }
    await Promise.all(this.services.all().map((service) => service.create?.()));
    for (const service of this.services.all()) {
      await service.deploy?.();
    }
  }

  private async close(): Promise<void> {
    for (const service of this.services.all()) {
      await service.close?.();
    }
  }
}
