import { Destinations } from '../bus/destinations';
import { WorkLoop } from '../clock/work-loop';
import { Log } from '../log';
import { EventInvokeConfigModel, FunctionModel } from '../model';
import { Agenda, VirtualClock } from '../ports';
import { InvocationResult } from './invocation';

const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 21_600;
const RETRY_DELAY_MILLIS = 60_000;

export interface AsyncInput {
  readonly configs: readonly EventInvokeConfigModel[];
  readonly agenda: Agenda;
  readonly clock: VirtualClock;
  readonly loop: WorkLoop;
  readonly log: Log;
  readonly invoke: (fn: FunctionModel, payload: string) => Promise<InvocationResult>;
  readonly destinations: () => Destinations;
}

interface Submission {
  readonly fn: FunctionModel;
  readonly payload: string;
  readonly submittedAt: number;
}

/** Lambda's asynchronous invocations: two retries, after one and two minutes, then destination and dead-letter queue. */
export class AsyncInvocations {
  constructor(private readonly input: AsyncInput) {}

  submit(fn: FunctionModel, payload: string): void {
    const submission = { fn, payload, submittedAt: this.input.clock.now() };
    this.input.loop.ready(`invocation of ${fn.name}`, () => this.attempt(submission, 1));
  }

  private async attempt(submission: Submission, count: number): Promise<void> {
    const { agenda, clock, loop, invoke } = this.input;
    const { fn, payload, submittedAt } = submission;
    const config = this.input.configs.find((candidate) => candidate.functionArn === fn.arn);
    const result = await invoke(fn, payload);
    if (!result.failure) {
      if (config?.onSuccessArn) await this.send(config.onSuccessArn, { body: this.record(submission, result, count, 'Success') });
      return;
    }
    const retryAt = clock.now() + count * RETRY_DELAY_MILLIS;
    const tooOld = retryAt - submittedAt > (config?.maximumEventAgeSeconds ?? DEFAULT_AGE_SECONDS) * 1000;
    if (count <= (config?.maximumRetryAttempts ?? DEFAULT_RETRIES) && !tooOld) {
      agenda.at(retryAt, `retry of ${fn.name}`, () => loop.ready(`invocation of ${fn.name}`, () => this.attempt(submission, count + 1)));
      return;
    }
    await this.giveUp(submission, result, count, tooOld ? 'EventAgeExceeded' : 'RetriesExhausted', config?.onFailureArn);
  }

  private async giveUp(submission: Submission, result: InvocationResult, count: number, condition: string, onFailureArn?: string): Promise<void> {
    const { fn, payload } = submission;
    if (onFailureArn) await this.send(onFailureArn, { body: this.record(submission, result, count, condition) });
    if (fn.deadLetterArn) {
      const { errorMessage } = JSON.parse(result.payload) as { errorMessage?: string };
      await this.send(fn.deadLetterArn, {
        body: payload,
        attributes: {
          RequestID: { DataType: 'String', StringValue: requestId(count) },
          ErrorCode: { DataType: 'Number', StringValue: '200' },
          ErrorMessage: { DataType: 'String', StringValue: (errorMessage ?? '').slice(0, 1024) || 'unknown' },
        },
      });
    }
    if (!onFailureArn && !fn.deadLetterArn) this.input.log.info(`${fn.name}: an event was lost after ${count} attempts (no destination, no dead-letter queue)`);
  }

  private async send(arn: string, parcel: { body: string; attributes?: Record<string, { DataType: string; StringValue: string }> }): Promise<void> {
    if (!await this.input.destinations().send(arn, parcel)) this.input.log.warn(`no destination ${arn}`);
  }

  private record({ fn, payload }: Submission, result: InvocationResult, count: number, condition: string): string {
    return JSON.stringify({
      version: '1.0',
      timestamp: new Date(this.input.clock.now()).toISOString(),
      requestContext: { requestId: requestId(count), functionArn: `${fn.arn}:$LATEST`, condition, approximateInvokeCount: count },
      requestPayload: JSON.parse(payload),
      responseContext: { statusCode: 200, executedVersion: '$LATEST', ...result.failure && { functionError: 'Unhandled' } },
      responsePayload: JSON.parse(result.payload),
    });
  }
}

function requestId(count: number): string {
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
}
