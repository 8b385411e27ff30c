import { sqsError } from './errors';
import { OutgoingMessage, ReceivedMessage, SentMessage } from './message';
import type { QueueModel } from './model';
import { Clock } from '../../ports';

const BATCH = 10;
/** Longer than any batch takes: it takes no virtual time. */
const HIDDEN_SECONDS = 60;
const MOST_LISTED = 10;
const MOST_PER_SECOND = 500;

/** What moving messages needs of the queues. */
export interface MovableQueues {
  find(reference: string): QueueModel | undefined;
  receive(queue: QueueModel, max: number, visibilitySeconds: number): Promise<ReceivedMessage[]>;
  put(queue: QueueModel, message: OutgoingMessage): Promise<SentMessage>;
  delete(queue: QueueModel, handle: string): Promise<void>;
  changeVisibility(queue: QueueModel, handle: string, seconds: number): Promise<void>;
  originOf(queue: QueueModel, handle: string): QueueModel | undefined;
  count(queue: QueueModel): Promise<{ readonly visible: number }>;
}

export interface MoveTaskInput {
  readonly queues: readonly QueueModel[];
  readonly clock: Clock;
}

type Parameters = Readonly<Record<string, unknown>>;

/** As ListMessageMoveTasks shows it. Times are epoch milliseconds. */
export interface MoveTask {
  readonly Status: 'COMPLETED' | 'FAILED';
  readonly SourceArn: string;
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
  readonly ApproximateNumberOfMessagesMoved: number;
  readonly ApproximateNumberOfMessagesToMove: number;
  readonly FailureReason?: string;
  readonly StartedTimestamp: number;
}

/** Moves messages out of dead-letter queues: all that are visible at once, so that no task is ever running. */
export class MoveTasks {
  private tasks: { readonly handle: string; readonly task: MoveTask }[] = [];

  constructor(private readonly queues: MovableQueues, private readonly input: MoveTaskInput) {}

  async start({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond }: Parameters): Promise<{ readonly TaskHandle: string }> {
    const source = this.deadLetters(SourceArn);
    const destination = DestinationArn === undefined ? undefined : this.queue('DestinationArn', DestinationArn);
    if (destination === source) {
      throw sqsError('InvalidParameterValue', 'Source queue arn and destination queue arn cannot be the same.');
    }
    if (destination && destination.fifo !== source.fifo) {
      throw sqsError('InvalidParameterValue', 'Source and destination must be of the same type, FIFO or standard.');
    }
    if (perSecond !== undefined && !(Number.isInteger(perSecond) && Number(perSecond) >= 1 && Number(perSecond) <= MOST_PER_SECOND)) {
      throw sqsError('InvalidParameterValue', `Value ${String(perSecond)} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and ${MOST_PER_SECOND}.`);
    }
    const { visible } = await this.queues.count(source);
    const { moved, failure } = await this.move(source, destination);
    const task: MoveTask = {
      Status: failure === undefined ? 'COMPLETED' : 'FAILED',
      SourceArn: source.arn,
      ...destination && { DestinationArn: destination.arn },
      ...perSecond !== undefined && { MaxNumberOfMessagesPerSecond: Number(perSecond) },
      ApproximateNumberOfMessagesMoved: moved,
      ApproximateNumberOfMessagesToMove: visible,
      ...failure !== undefined && { FailureReason: failure },
      StartedTimestamp: this.input.clock.now(),
    };
    const handle = Buffer.from(JSON.stringify({ taskId: String(this.tasks.length + 1), sourceArn: source.arn })).toString('base64');
    this.tasks.push({ handle, task });
    return { TaskHandle: handle };
  }

  /** The latest first. */
  list({ SourceArn, MaxResults = 1 }: Parameters): { readonly Results: readonly MoveTask[] } {
    const source = this.deadLetters(SourceArn);
    if (!(Number.isInteger(MaxResults) && Number(MaxResults) >= 1 && Number(MaxResults) <= MOST_LISTED)) {
      throw sqsError('InvalidParameterValue', `Value ${String(MaxResults)} for parameter MaxResults is invalid. Reason: Must be between 1 and ${MOST_LISTED}.`);
    }
    const tasks = this.tasks.map(({ task }) => task).filter((task) => task.SourceArn === source.arn);
    return { Results: tasks.reverse().slice(0, Number(MaxResults)) };
  }

  /** There is never a task that could be cancelled. */
  cancel({ TaskHandle }: Parameters): never {
    if (!this.tasks.some(({ handle }) => handle === TaskHandle)) {
      throw sqsError('ResourceNotFoundException', 'Task does not exist.');
    }
    throw sqsError('UnsupportedOperation', 'Only active tasks can be cancelled, and this one has ended: the sandbox moves messages at once.');
  }

  clear(): void {
    this.tasks = [];
  }

  private async move(source: QueueModel, destination: QueueModel | undefined): Promise<{ readonly moved: number; readonly failure?: string }> {
    let moved = 0;
    for (;;) {
      const messages = await this.queues.receive(source, BATCH, HIDDEN_SECONDS);
      if (messages.length === 0) {
        return { moved };
      }
      for (const [index, message] of messages.entries()) {
        const target = destination ?? this.queues.originOf(source, message.ReceiptHandle);
        if (!target) {
          for (const { ReceiptHandle } of messages.slice(index)) {
            await this.queues.changeVisibility(source, ReceiptHandle, 0);
          }
          return { moved, failure: 'CouldNotDetermineMessageSource' };
        }
        await this.queues.put(target, outgoing(message));
        await this.queues.delete(source, message.ReceiptHandle);
        moved++;
      }
    }
  }

  private deadLetters(arn: unknown): QueueModel {
    const source = this.queue('SourceArn', arn);
    if (!this.input.queues.some((queue) => queue.redrive?.deadLetterTargetArn === source.arn)) {
      throw sqsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    }
    return source;
  }

  private queue(parameter: string, arn: unknown): QueueModel {
    if (typeof arn !== 'string' || !arn) {
      throw sqsError('MissingParameter', `The request must contain the parameter ${parameter}.`);
    }
    const queue = this.queues.find(arn);
    if (queue?.arn === arn) {
      return queue;
    }
    throw sqsError('ResourceNotFoundException', `The resource that you specified for the ${parameter} parameter doesn't exist.`);
  }
}

function outgoing({ Body, MessageAttributes, Attributes }: ReceivedMessage): OutgoingMessage {
  return { body: Body, attributes: MessageAttributes, groupId: Attributes.MessageGroupId, deduplicationId: Attributes.MessageDeduplicationId };
}
