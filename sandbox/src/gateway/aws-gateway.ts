import { errorAnswer } from './answers';
import { Authorizer } from './authorizer';
import { AwsCall, AwsError, AwsService, Effect, HttpAnswer } from './aws-call';
import { CallLog } from './call-log';
import { CALL_EFFECTS, Fault, FaultEffect, FaultError } from '../faults/fault';
import { Faults } from '../faults/faults';

/** Longest real time a `delay` fault holds an answer back. */
const LONGEST_DELAY_MILLIS = 60_000;
const MARKETPLACE = ['metering', 'entitlement', 'agreement'];

export interface GatewayInput {
  readonly services: Readonly<Record<string, AwsService>>;
  readonly authorizer: Authorizer;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly now: () => number;
  readonly takeTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Has the Marketplace itself answer with an error, so that it counts the call as failed. */
  readonly failingMarketplace: (error: FaultError, call: () => Promise<HttpAnswer>) => Promise<HttpAnswer>;
}

/** Every AWS call passes here: who calls, is it allowed, does a fault strike, which service answers. */
export class AwsGateway {
  constructor(private readonly input: GatewayInput) {}

  /** Undefined: the caller is no more, or its connection was cut by a fault. */
  async handle(call: AwsCall): Promise<HttpAnswer | undefined> {
    try {
      const service = this.input.services[call.service];
      if (!service) {
        throw new AwsError('UnknownService', `the sandbox has no ${call.service || 'such service'}`, 400);
      }
      if (call.caller) {
        this.input.calls.add(call.caller.fn, call.service, call.operation);
      }
      this.input.authorizer.check(call, this.input.now());
      return await this.inTurn(call, () => this.perform(service, call));
    } catch (error) {
      if (error instanceof AwsError) {
        return errorAnswer(call.format, error);
      }
      throw error;
    }
  }

  /** Calls from outside wait for their turn; a function's calls are part of what runs already. */
  private inTurn<T>(call: AwsCall, work: () => Promise<T>): Promise<T> {
    return call.caller || waitsByItself(call) ? work() : this.input.takeTurn(work);
  }

  private async perform(service: AwsService, call: AwsCall): Promise<HttpAnswer | undefined> {
    const fault = this.input.faults.strike(call.service, call.operation, possibleEffects(service, call), call.caller?.fn);
    if (!fault) {
      return service.handle(call);
    }
    if (fault.error && MARKETPLACE.includes(call.service)) {
      return this.input.failingMarketplace(fault.error, () => service.handle(call));
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

  private crash(call: AwsCall): undefined {
    call.caller?.process.kill();
    return undefined;
  }
}

/** Whoever calls from outside is no process of the sandbox that could be killed. */
function possibleEffects(service: AwsService, call: AwsCall): FaultEffect[] {
  return [
    'error',
    ...call.operation === 'BatchMeterUsage' ? ['unprocessed'] as const : [],
    ...call.caller ? ['crash'] as const : [],
    ...service.effects?.(call) ?? CALL_EFFECTS,
  ];
}

/** Long polling must not hold up the messages it waits for. */
function waitsByItself(call: AwsCall): boolean {
  return call.service === 'sqs' && call.operation === 'ReceiveMessage';
}

function awsError(error: FaultError): AwsError {
  return new AwsError(error.code, error.message, error.status);
}

function effectOf(fault: Fault): Effect {
  return { drop: fault.drop, duplicate: fault.duplicate, delayMillis: fault.delayMillis };
}
