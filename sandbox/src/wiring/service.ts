import { ResetOptions } from '../control/reset-request';
import { ControlRoute } from '../control/route';
import { AwsApi } from '../gateway/aws-api';
import { ApiHandler, HttpAnswer, HttpRequest } from '../gateway/aws-call';
import type { Log } from '../ports';
import type { Provided, TemplateSupport } from '../template';
import { Core } from './core';
import { DestinationHandler } from './destinations';
import { SandboxOptions } from './options';

/**
 * An AWS service, as the rest of the sandbox sees it. To add one: a folder in `services/`, and a line in `services/index.ts`.
 *
 * @typeParam Running what other services may use of it
 * @typeParam Prepared what `prepare` makes
 */
export interface SandboxService<Running extends RunningService = RunningService, Prepared = unknown> extends TemplateSupport {
  readonly name: string;
  readonly apis?: readonly AwsApi[];
  /** Starts what takes long, an engine say, while the assembly is being read. */
  prepare?(options: SandboxOptions, onFatal: (message: string) => void, log: Log): Preparation<Prepared>;
  /** Absent: resources of the service do nothing. Runs in the order of the registry, when the model is complete. */
  start?(context: ServiceContext<Prepared>): Running;
}

export interface Preparation<Prepared> {
  readonly ready: Promise<Prepared>;
  /** Ends at once what was started. */
  kill(): void;
}

export interface ServiceContext<Prepared = unknown> {
  readonly core: Core;
  /** The services that were started before. */
  readonly services: RunningServices;
  readonly prepared: Prepared;
}

/** A started service. At the start and after each reset `create` and then `deploy` are called. */
export interface RunningService {
  /** Who serves its APIs, by the API's name. */
  readonly handlers?: Readonly<Record<string, ApiHandler>>;
  /** Who takes what is sent to an ARN, by the service segment of the ARN. */
  readonly destinations?: Readonly<Record<string, DestinationHandler>>;
  /** Requests of the control API that it serves. */
  readonly routes?: readonly ControlRoute[];
  /** Serves other paths of the endpoint, or other hosts. */
  readonly website?: { serves(request: HttpRequest): boolean; handle(request: HttpRequest): Promise<HttpAnswer> };
  /** What `GET /_sandbox/state` shows of it. */
  state?(): object | Promise<object>;
  /** Whether something of the app failed unexpectedly: the exit code is 1 then. */
  failed?(): boolean;
  /** Values that resources got when they were deployed: templates that refer to them are read again. */
  provided?(): Provided;
  /** Makes its engine and tables anew, empty. Services do so at the same time. */
  create?(): Promise<void>;
  /** Makes what the template asks for. Services do so one after the other. */
  deploy?(): void | Promise<void>;
  /** Forgets everything: `create` and `deploy` follow. */
  reset?(options: ResetOptions): void;
  /** What must be closed at the end. */
  close?(): void | Promise<void>;
  /** Ends at once: no process is left. */
  kill?(): void;
}

/** The started services, by their definition. */
export class RunningServices {
  private readonly running = new Map<unknown, RunningService>();

  add(service: SandboxService, running: RunningService): void {
    this.running.set(service, running);
  }

  get<Running extends RunningService>(service: SandboxService<Running, never> | SandboxService<Running>): Running {
    const running = this.running.get(service);
    if (!running) {
      throw new Error(`the service ${service.name} is not started: put it before this one in the registry`);
    }
    return running as Running;
  }

  all(): RunningService[] {
    return [...this.running.values()];
  }
}
