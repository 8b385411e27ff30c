import { sqsEventRecord } from './event-record';
import { ReceivedMessage } from './message';
import type { QueueModel } from './model';
import { QueueService } from './queue-service';
import { WorkSource } from '../../clock/work-loop';
import type { FunctionModel } from '../../model';
import { Timers, Clock } from '../../ports';
import type { InvocationResult } from '../../ports';
import { compileFilters, type RecordFilter } from '../lambda/event-filter';
import type { EventSourceMappingModel } from '../lambda/model';

export interface PollerInput {
  readonly mapping: EventSourceMappingModel;
  readonly queue: QueueModel;
  readonly fn: FunctionModel;
  readonly queues: QueueService;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly invoke: (fn: FunctionModel, payload: string) => Promise<InvocationResult>;
  /** Whether the mapping is on at present. */
  readonly isEnabled: () => boolean;
  /** A fault of the delivery: the batch is lost for now (and comes back), or comes twice. */
  readonly fault: () => { readonly drop?: boolean; readonly duplicate?: boolean } | undefined;
  /** Called when there may be work. */
  readonly wake: () => void;
}

/** An event source mapping from a queue to a function: batches, batching window, partial failures. */
export class QueuePoller implements WorkSource {
  private batch: ReceivedMessage[] = [];
  private mayHaveMore = false;
  private windowEnd: number | undefined;
  private windowIsOver = false;
  private readonly label: string;
  private readonly matches: RecordFilter;

  constructor(private readonly input: PollerInput) {
    this.label = `queue ${input.queue.name} to function ${input.fn.name}`;
    this.matches = compileFilters(input.mapping.filters ?? []);
    input.queues.onVisible(input.queue, () => {
      this.mayHaveMore = true;
      input.wake();
    });
  }

  async step(): Promise<string | undefined> {
    const { mapping, queue, queues } = this.input;
    // What it has received already is delivered all the same.
    if (this.mayHaveMore && this.input.isEnabled() && this.batch.length < mapping.batchSize) {
      const wanted = mapping.batchSize - this.batch.length;
      this.mayHaveMore = false;
      const received = await queues.receive(queue, wanted);
      this.batch.push(...await this.wanted(received));
      this.mayHaveMore = this.mayHaveMore || received.length === wanted;
    }
    if (this.batch.length === 0) {
      return undefined;
    }
    if (this.batch.length < mapping.batchSize && mapping.maximumBatchingWindowSeconds > 0 && !this.windowIsOver) {
      this.openWindow();
      return undefined;
    }
    await this.deliver(this.takeBatch());
    return this.label;
  }

  /** Drops the batch. */
  reset(): void {
    this.takeBatch();
    this.mayHaveMore = false;
  }

  /** Messages that no filter matches are deleted. */
  private async wanted(received: readonly ReceivedMessage[]): Promise<ReceivedMessage[]> {
    const { queue, queues } = this.input;
    const [wanted, others] = [true, false].map((matches) => received.filter((message) => this.matches(sqsEventRecord(queue, message)) === matches));
    for (const message of others!) {
      await queues.delete(queue, message.ReceiptHandle);
    }
    return wanted!;
  }

  private openWindow(): void {
    const { timers, clock, mapping } = this.input;
    this.windowEnd ??= timers.at(clock.now() + mapping.maximumBatchingWindowSeconds * 1000, `batching window of ${this.label}`, () => {
      this.windowEnd = undefined;
      this.windowIsOver = true;
    });
  }

  private takeBatch(): ReceivedMessage[] {
    const batch = this.batch;
    this.batch = [];
    this.windowIsOver = false;
    if (this.windowEnd !== undefined) {
      this.input.timers.cancel(this.windowEnd);
    }
    this.windowEnd = undefined;
    return batch;
  }

  /** What is not deleted here comes back when its visibility timeout ends. */
  private async deliver(batch: readonly ReceivedMessage[]): Promise<void> {
    const { fn, invoke, mapping, queue, queues } = this.input;
    const fault = this.input.fault();
    if (fault?.drop) {
      return;
    }
    const payload = JSON.stringify({ Records: batch.map((message) => sqsEventRecord(queue, message)) });
    if (fault?.duplicate) {
      await invoke(fn, payload);
    }
    const result = await invoke(fn, payload);
    if (result.failure) {
      return;
    }
    const failed = mapping.reportBatchItemFailures ? failedItems(result.payload, batch) : new Set<string>();
    for (const message of batch) {
      if (!failed.has(message.MessageId)) {
        await queues.delete(queue, message.ReceiptHandle);
      }
    }
  }
}

/** Ids to keep; all of them when the answer cannot be understood, as Lambda does. */
function failedItems(payload: string, batch: readonly ReceivedMessage[]): Set<string> {
  const all = new Set(batch.map((message) => message.MessageId));
  const answer = JSON.parse(payload) as { batchItemFailures?: readonly { itemIdentifier?: unknown }[] | null } | null;
  const failures = answer?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) {
    return all;
  }
  const ids = failures.map((failure) => failure?.itemIdentifier);
  return ids.every((id) => typeof id === 'string' && all.has(id)) ? new Set(ids as string[]) : all;
}
