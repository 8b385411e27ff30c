import { ENGINE_ACCOUNT, ENGINE_REGION, Fauxqs } from '../engines/fauxqs';
import { IdSequence } from '../ids';
import { QueueModel } from '../model';
import { Agenda, VirtualClock } from '../ports';
import { OutgoingMessage, ReceivedMessage, SentMessage } from './message';

/** Longest visibility timeout of SQS: the engine's own clock is real, so nothing may ever become visible by it. */
const NEVER_SECONDS = 43_200;
/** Messages are validated here while their delay runs. */
const STAGING_SUFFIX = '--staging';

interface MessageFacts {
  readonly id: string;
  readonly sentAt: number;
  firstReceivedAt?: number;
}

interface Inflight {
  readonly queue: QueueModel;
  readonly engineId: string;
  readonly agendaId: number;
}

export interface QueueServiceInput {
  readonly queues: readonly QueueModel[];
  readonly clock: VirtualClock;
  readonly agenda: Agenda;
  readonly ids: IdSequence;
}

/** The queues, in virtual time: the engine keeps the messages, the agenda says when they become visible. */
export class QueueService {
  private engine!: Fauxqs;
  private readonly facts = new Map<string, MessageFacts>();
  private readonly inflight = new Map<string, Inflight>();
  private readonly listeners = new Map<string, Set<() => void>>();

  constructor(private readonly input: QueueServiceInput) {}

  async deploy(engine: Fauxqs): Promise<void> {
    this.engine = engine;
    this.facts.clear();
    this.inflight.clear();
    for (const queue of this.input.queues) {
      await engine.sqs('CreateQueue', { QueueName: queue.name, Attributes: engineAttributes(queue) });
      await engine.sqs('CreateQueue', { QueueName: stagingName(queue), Attributes: queue.fifo ? { FifoQueue: 'true' } : {} });
    }
  }

  /** By ARN, URL or name. */
  find(reference: string): QueueModel | undefined {
    const name = reference.slice(Math.max(reference.lastIndexOf(':'), reference.lastIndexOf('/')) + 1);
    return this.input.queues.find((queue) => queue.arn === reference) ?? this.input.queues.find((queue) => queue.name === name);
  }

  /** Calls `listener` whenever messages may have become visible in the queue. Returns the way to stop that. */
  onVisible(queue: QueueModel, listener: () => void): () => void {
    const listeners = this.listeners.get(queue.arn) ?? new Set();
    this.listeners.set(queue.arn, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Settles when messages may have become visible, or after `millis` of real time. */
  async changeWithin(queue: QueueModel, millis: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => stop(), millis);
      const off = this.onVisible(queue, () => stop());
      const stop = (): void => {
        clearTimeout(timer);
        off();
        resolve();
      };
    });
  }

  async send(queue: QueueModel, message: OutgoingMessage): Promise<SentMessage> {
    const delay = message.delaySeconds ?? queue.delaySeconds;
    if (delay <= 0) return this.enqueue(queue, message, this.input.ids.next('message'));
    const id = this.input.ids.next('message');
    const answer = await this.validate(queue, message);
    this.input.agenda.at(this.input.clock.now() + delay * 1000, `delayed message in ${queue.name}`, async () => {
      await this.enqueue(queue, message, id);
    });
    return { ...answer, MessageId: id };
  }

  /** Answers as `send` does, but the message goes nowhere. */
  async validate(queue: QueueModel, message: OutgoingMessage): Promise<SentMessage> {
    const answer = await this.engine.sqs<SentMessage>('SendMessage', engineMessage(stagingName(queue), message));
    await this.engine.sqs('PurgeQueue', { QueueUrl: stagingName(queue) });
    return answer;
  }

  /** Messages stay invisible for `visibilitySeconds` of virtual time. */
  async receive(queue: QueueModel, max: number, visibilitySeconds = queue.visibilityTimeoutSeconds): Promise<ReceivedMessage[]> {
    const received: ReceivedMessage[] = [];
    while (received.length < max) {
      const { Messages: messages } = await this.engine.sqs<{ Messages?: ReceivedMessage[] }>('ReceiveMessage', {
        QueueUrl: queue.name,
        MaxNumberOfMessages: Math.min(10, max - received.length),
        VisibilityTimeout: NEVER_SECONDS,
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      for (const message of messages ?? []) {
        const kept = await this.take(queue, message, visibilitySeconds);
        if (kept) received.push(kept);
      }
      if (!messages) break;
    }
    if (queue.redrive) this.changed(this.find(queue.redrive.deadLetterTargetArn));
    return received;
  }

  async delete(queue: QueueModel, handle: string): Promise<void> {
    const entry = this.inflight.get(handle);
    await this.engine.sqs('DeleteMessage', { QueueUrl: queue.name, ReceiptHandle: handle });
    if (!entry) return;
    this.input.agenda.cancel(entry.agendaId);
    this.inflight.delete(handle);
    this.facts.delete(entry.engineId);
    if (queue.fifo) this.changed(queue);
  }

  /** `seconds` from now, in virtual time. The engine's error when the handle is not in flight. */
  async changeVisibility(queue: QueueModel, handle: string, seconds: number): Promise<void> {
    const entry = this.inflight.get(handle);
    if (!entry || seconds <= 0 || seconds > NEVER_SECONDS) {
      await this.engine.sqs('ChangeMessageVisibility', { QueueUrl: queue.name, ReceiptHandle: handle, VisibilityTimeout: seconds });
      if (entry) this.returned(queue, handle, entry);
      return;
    }
    this.input.agenda.cancel(entry.agendaId);
    this.inflight.set(handle, { ...entry, agendaId: this.planReturn(queue, handle, seconds) });
  }

  /** Messages in the queue, whether visible or not. */
  async count(queue: QueueModel): Promise<number> {
    const { Attributes: counts } = await this.engine.sqs<{ Attributes: Record<string, string> }>('GetQueueAttributes', {
      QueueUrl: queue.name,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
    });
    return Object.values(counts).reduce((sum, count) => sum + Number(count), 0);
  }

  async purge(queue: QueueModel): Promise<void> {
    await this.engine.sqs('PurgeQueue', { QueueUrl: queue.name });
    for (const [handle, entry] of this.inflight) {
      if (entry.queue !== queue) continue;
      this.input.agenda.cancel(entry.agendaId);
      this.inflight.delete(handle);
    }
  }

  private async enqueue(queue: QueueModel, message: OutgoingMessage, id: string): Promise<SentMessage> {
    const answer = await this.engine.sqs<SentMessage>('SendMessage', engineMessage(queue.name, message));
    const known = this.facts.get(answer.MessageId);
    if (!known) this.facts.set(answer.MessageId, { id, sentAt: this.input.clock.now() });
    this.changed(queue);
    return { ...answer, MessageId: known?.id ?? id };
  }

  private async take(queue: QueueModel, message: ReceivedMessage, visibilitySeconds: number): Promise<ReceivedMessage | undefined> {
    const now = this.input.clock.now();
    const facts = this.facts.get(message.MessageId) ?? { id: message.MessageId, sentAt: now };
    if (now - facts.sentAt > queue.retentionSeconds * 1000) {
      await this.engine.sqs('DeleteMessage', { QueueUrl: queue.name, ReceiptHandle: message.ReceiptHandle });
      this.facts.delete(message.MessageId);
      return undefined;
    }
    facts.firstReceivedAt ??= now;
    const handle = message.ReceiptHandle;
    const entry = { queue, engineId: message.MessageId, agendaId: this.planReturn(queue, handle, visibilitySeconds) };
    this.inflight.set(handle, entry);
    return {
      ...message,
      MessageId: facts.id,
      Attributes: { ...message.Attributes, SentTimestamp: String(facts.sentAt), ApproximateFirstReceiveTimestamp: String(facts.firstReceivedAt) },
    };
  }

  private planReturn(queue: QueueModel, handle: string, seconds: number): number {
    return this.input.agenda.at(this.input.clock.now() + seconds * 1000, `visibility timeout in ${queue.name}`, async () => {
      const entry = this.inflight.get(handle);
      if (!entry) return;
      await this.engine.sqs('ChangeMessageVisibility', { QueueUrl: queue.name, ReceiptHandle: handle, VisibilityTimeout: 0 });
      this.returned(queue, handle, entry);
    });
  }

  private returned(queue: QueueModel, handle: string, entry: Inflight): void {
    this.input.agenda.cancel(entry.agendaId);
    this.inflight.delete(handle);
    this.changed(queue);
  }

  private changed(queue: QueueModel | undefined): void {
    if (queue) this.listeners.get(queue.arn)?.forEach((listener) => listener());
  }
}

function stagingName(queue: QueueModel): string {
  return queue.fifo ? queue.name.replace(/\.fifo$/, `${STAGING_SUFFIX}.fifo`) : `${queue.name}${STAGING_SUFFIX}`;
}

function engineArn(name: string): string {
  return `arn:aws:sqs:${ENGINE_REGION}:${ENGINE_ACCOUNT}:${name}`;
}

function engineAttributes(queue: QueueModel): Record<string, string> {
  const redrive = queue.redrive && {
    deadLetterTargetArn: engineArn(queue.redrive.deadLetterTargetArn.split(':').pop()!),
    maxReceiveCount: queue.redrive.maxReceiveCount,
  };
  return {
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    ...redrive && { RedrivePolicy: JSON.stringify(redrive) },
    ...queue.fifo && { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
  };
}

function engineMessage(queueName: string, message: OutgoingMessage): Record<string, unknown> {
  return {
    QueueUrl: queueName,
    MessageBody: message.body,
    MessageAttributes: message.attributes,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
  };
}
