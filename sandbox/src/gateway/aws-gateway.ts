import { AwsError } from '../errors';
import { errorAnswer } from './answers';
import { Authorizer } from './authorizer';
import { AwsApi } from './aws-api';
import { ApiHandler, AwsCall, HttpAnswer } from './aws-call';
import { CallLog } from './call-log';
import { Forwarding } from './forwarding';
import { Activity } from '../clock/activity';
import { CALL_EFFECTS, Effect, Fault, FaultEffect, FaultError } from '../faults/fault';
import { Faults } from '../faults/faults';

/** Operations that only look: what a function finds by them shows in what it writes then. */
const READS = /^(?:BatchGet|Describe|Get|Head|List|Search)/;

/** Longest real time by which a `delay` fault delays an answer. */
const LONGEST_DELAY_MILLIS = 60_000;

export interface GatewayInput {
  readonly apis: readonly AwsApi[];
  /** By the API's name. */
  readonly handlers: Readonly<Record<string, ApiHandler>>;
  readonly authorizer: Authorizer;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly forwarding: Forwarding;
  readonly findings: { add(severity: 'warning', code: string, message: string): void };
  readonly activity: Activity;
  readonly now: () => number;
  readonly runInTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

function notEmulated(service: string): string {
  const forwarded = service === '' ? '' : `; --forward ${service}=http://127.0.0.1:… passes its calls to an emulator that you run`;
  return `the sandbox does not emulate ${service === '' ? 'this service' : `the service ${service}`}${forwarded}`;
}

/** Every AWS call passes here: who calls, is it allowed, does a fault apply, which service answers. */
export class AwsGateway {
  constructor(private readonly input: GatewayInput) {}

  /** Undefined: the caller has ended, or its connection was cut by a fault. */
  async handle(call: AwsCall): Promise<HttpAnswer | undefined> {
    try {
      const service = this.input.handlers[call.service];
      if (!service && this.input.forwarding.serves(call.service)) {
        this.input.activity.note(call.caller?.fn.arn);
        return await this.forward(call);
      }
      if (!service) {
        const reason = notEmulated(call.service);
        if (call.caller) {
          this.input.findings.add('warning', 'SERVICE_NOT_EMULATED', `${call.caller.fn.logicalId} called ${call.service} ${call.operation}: ${reason}`);
        }
        throw new AwsError('UnknownService', reason, 400);
      }
      if (call.caller) {
        this.input.calls.add(call.caller.fn, call.service, call.operation);
      }
      if (!call.caller || this.api(call)?.hasNoEffectOnOthers !== true && !READS.test(call.operation)) {
        this.input.activity.note(call.caller?.fn.arn);
      }
      this.input.authorizer.check(call, this.input.now());
      return await this.inTurn(service, call, () => this.perform(service, call));
    } catch (error) {
      if (error instanceof AwsError) {
        return errorAnswer(call.format, error);
      }
      throw error;
    }
  }

  /** What the caller may do there is not checked. */
  private forward(call: AwsCall): Promise<HttpAnswer> {
    const { forwarding, runInTurn } = this.input;
    return call.at !== undefined || call.caller ? forwarding.forward(call) : runInTurn(() => forwarding.forward(call));
  }

  /** Calls from outside wait for their turn; a function's calls are part of what runs already. */
  private inTurn<T>(service: ApiHandler, call: AwsCall, work: () => Promise<T>): Promise<T> {
    return call.at !== undefined || call.caller || service.waitsByItself?.(call) ? work() : this.input.runInTurn(work);
  }

  private async perform(service: ApiHandler, call: AwsCall): Promise<HttpAnswer | undefined> {
    const fault = this.input.faults.take(call.service, call.operation, this.possibleEffects(service, call), call.caller?.fn);
    if (!fault) {
      return service.handle(call);
    }
    if (fault.error && service.answersFaults) {
      return service.handle({ ...call, fault });
    }
    if (fault.error && !fault.error.after) {
      throw awsError(fault.error);
    }
    if (fault.crash === 'before') {
      return this.crash(call);
    }
    const answer = await service.handle({ ...call, effect: effectOf(fault) });
    if (fault.error) {
      throw awsError(fault.error);
    }
    if (fault.crash === 'after') {
      return this.crash(call);
    }
    if (service.effects) {
      return answer;
    }
    if (fault.duplicate) {
      return service.handle(call);
    }
    if (fault.delayMillis !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(fault.delayMillis!, LONGEST_DELAY_MILLIS)));
    }
    return fault.drop ? undefined : answer;
  }

  /** Callers from outside are no processes of the sandbox: they cannot be killed. */
  private possibleEffects(service: ApiHandler, call: AwsCall): FaultEffect[] {
    const { unprocessed } = this.api(call)?.faults ?? {};
    return [
      'error',
      ...unprocessed === call.operation ? ['unprocessed'] as const : [],
      ...call.caller ? ['crash'] as const : [],
      ...service.effects?.(call) ?? CALL_EFFECTS,
    ];
  }

  private api(call: AwsCall): AwsApi | undefined {
    return this.input.apis.find(({ name }) => name === call.service);
  }

  private crash(call: AwsCall): undefined {
    call.caller?.process.kill();
    return undefined;
  }
}

function awsError(error: FaultError): AwsError {
  return new AwsError(error.code, error.message, error.status);
}

function effectOf(fault: Fault): Effect {
  return { drop: fault.drop, duplicate: fault.duplicate, delayMillis: fault.delayMillis };
}
