import { invocationEvent } from './invocation-event';
import type { EventInvokeConfigModel } from './model';
import { serviceOf } from '../../arn';
import { WorkLoop } from '../../clock/work-loop';
import { LostEvents } from '../../control/lost-events';
import { DeliveryError } from '../../errors';
import { IdSequence } from '../../ids';
import type { FunctionModel } from '../../model';
import type { InvocationResult, Log } from '../../ports';
import { Clock, Delivery } from '../../ports';
import { Destinations } from '../../wiring/destinations';

const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 21_600;
const RETRY_DELAY_MILLIS = 60_000;
/** Of an event that a function was too busy to take: 1 s, 2 s, … 5 minutes, until the event is too old. */
const LONGEST_THROTTLE_DELAY_MILLIS = 300_000;

export interface AsyncInput {
  readonly configs: readonly EventInvokeConfigModel[];
  readonly clock: Clock;
  readonly ids: IdSequence;
  readonly loop: WorkLoop;
  readonly log: Log;
  readonly invoke: (fn: FunctionModel, payload: string) => Promise<InvocationResult>;
  readonly destinations: Destinations;
  readonly lost: LostEvents;
}

interface Submission {
  readonly fn: FunctionModel;
  readonly payload: string;
  readonly submittedAt: number;
}

/** How a submission ended, after so many attempts. */
interface Ending {
  readonly count: number;
  readonly condition: string;
}

/** Lambda's asynchronous invocations: two retries, after one and two minutes, then destination and dead-letter queue. */
export class AsyncInvocations {
  constructor(private readonly input: AsyncInput) {}

  submit(fn: FunctionModel, payload: string): void {
    const submission = { fn, payload, submittedAt: this.input.clock.now() };
    this.input.loop.ready(`invocation of ${fn.name}`, () => this.attempt(submission, 1));
  }

  /**
   * @param count of attempts, this one included
   * @param throttles in a row until now: they are no attempts
   */
  private async attempt(submission: Submission, count: number, throttles = 0): Promise<void> {
    const { clock, loop, invoke } = this.input;
    const { fn, payload, submittedAt } = submission;
    const config = this.input.configs.find((candidate) => candidate.functionArn === fn.arn);
    const result = await invoke(fn, payload);
    if (!result.failure) {
      if (config?.onSuccessArn) {
        await this.sendRecord(config.onSuccessArn, submission, result, { count, condition: 'Success' });
      }
      return;
    }
    const isThrottled = result.failure === 'throttled';
    const delay = isThrottled ? Math.min(1000 * 2 ** throttles, LONGEST_THROTTLE_DELAY_MILLIS) : count * RETRY_DELAY_MILLIS;
    const retryAt = clock.now() + delay;
    const tooOld = retryAt - submittedAt > (config?.maximumEventAgeSeconds ?? DEFAULT_AGE_SECONDS) * 1000;
    const mayRetry = isThrottled || count <= (config?.maximumRetryAttempts ?? DEFAULT_RETRIES);
    if (mayRetry && !tooOld) {
      const next = isThrottled ? [count, throttles + 1] as const : [count + 1, 0] as const;
      loop.at(retryAt, `invocation of ${fn.name}`, () => this.attempt(submission, ...next));
      return;
    }
    await this.giveUp(submission, result, { count, condition: tooOld ? 'EventAgeExceeded' : 'RetriesExhausted' }, config?.onFailureArn);
  }

  private async giveUp(submission: Submission, result: InvocationResult, end: Ending, onFailureArn?: string): Promise<void> {
    const { fn, payload } = submission;
    const requestId = this.input.ids.next('request');
    if (onFailureArn) {
      await this.sendRecord(onFailureArn, submission, result, end, requestId);
    }
    if (fn.deadLetterArn) {
      const { errorMessage } = JSON.parse(result.payload) as { errorMessage?: string };
      await this.send(fn.deadLetterArn, {
        body: payload,
        attributes: {
          RequestID: { DataType: 'String', StringValue: requestId },
          ErrorCode: { DataType: 'Number', StringValue: '200' },
          ErrorMessage: { DataType: 'String', StringValue: (errorMessage ?? '').slice(0, 1024) || 'unknown' },
        },
      });
    }
    if (!onFailureArn && !fn.deadLetterArn) {
      this.input.lost.add(this.input.clock.now(), { from: fn.name, reason: `the function failed ${end.count} times, without destination or dead-letter queue` });
      this.input.log.info(`${fn.name}: an event was lost after ${end.count} attempts (no destination, no dead-letter queue)`);
    }
  }

  /** Sends the invocation record to a destination. */
  private async sendRecord(arn: string, submission: Submission, result: InvocationResult, end: Ending, requestId = this.input.ids.next('request')): Promise<void> {
    const { clock, ids } = this.input;
    const record = this.record(submission, result, end, requestId);
    const event = () => invocationEvent({ id: ids.next('event'), now: clock.now(), fn: submission.fn, destination: arn, record, succeeded: !result.failure });
    await this.send(arn, { body: JSON.stringify(record), ...serviceOf(arn) === 'events' && { event: event() } });
  }

  private async send(arn: string, delivery: Delivery): Promise<void> {
    try {
      if (!await this.input.destinations.send(arn, delivery)) {
        this.lose(arn, 'there is no such destination in the sandbox');
      }
    } catch (error) {
      if (!(error instanceof DeliveryError)) {
        throw error;
      }
      this.lose(arn, `it refuses the record of an invocation: ${error.message}`);
    }
  }

  private lose(arn: string, reason: string): void {
    this.input.lost.add(this.input.clock.now(), { from: 'asynchronous invocation', to: arn, reason });
    this.input.log.warn(`${arn}: ${reason}`);
  }

  private record({ fn, payload }: Submission, result: InvocationResult, { count, condition }: Ending, requestId: string): Record<string, unknown> {
    return {
      version: '1.0',
      timestamp: new Date(this.input.clock.now()).toISOString(),
      requestContext: { requestId, functionArn: `${fn.arn}:$LATEST`, condition, approximateInvokeCount: count },
      requestPayload: JSON.parse(payload),
      responseContext: { statusCode: 200, executedVersion: '$LATEST', ...result.failure && { functionError: 'Unhandled' } },
      responsePayload: JSON.parse(result.payload),
    };
  }
}
