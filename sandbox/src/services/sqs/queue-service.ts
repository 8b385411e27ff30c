import { Deduplication, deduplicationId } from './deduplication';
import { engineAttributes, engineMessage, stagingAttributes, stagingName } from './engine-queue';
import { OutgoingMessage, ReceivedMessage, SentMessage } from './message';
import type { QueueModel } from './model';
import { MoveTasks } from './move-tasks';
import { IdSequence } from '../../ids';
import { Timers, Clock } from '../../ports';
import { Fauxqs } from '../fauxqs/fauxqs';

/** Longest visibility timeout of SQS: the engine's own clock is real, so nothing may ever become visible by it. */
const NEVER_SECONDS = 43_200;
interface MessageRecord {
  readonly id: string;
  readonly sentAt: number;
  /** The queue it was sent to, whichever it is in now. */
  readonly home: QueueModel;
  readonly deduplicationId?: string;
  firstReceivedAt?: number;
}

interface Inflight {
  readonly queue: QueueModel;
  readonly engineId: string;
  readonly timerId: number;
}

export interface QueueServiceInput {
  readonly queues: readonly QueueModel[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: IdSequence;
}

/** The queues, in virtual time: the engine keeps the messages, the timers says when they become visible. */
export class QueueService {
  readonly moves: MoveTasks;
  private engine!: Fauxqs;
  private readonly records = new Map<string, MessageRecord>();
  private readonly inflight = new Map<string, Inflight>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly deduplication = new Deduplication();
  private lastEngineId = 0;

  constructor(private readonly input: QueueServiceInput) {
    this.moves = new MoveTasks(this, input);
  }

  async deploy(engine: Fauxqs): Promise<void> {
    this.engine = engine;
    this.records.clear();
    this.inflight.clear();
    this.deduplication.clear();
    this.moves.clear();
    for (const queue of this.input.queues) {
      await engine.sqs('CreateQueue', { QueueName: queue.name, Attributes: engineAttributes(queue) });
      await engine.sqs('CreateQueue', { QueueName: stagingName(queue), Attributes: stagingAttributes(queue) });
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

  /** Resolves when messages may have become visible, or after `millis` of real time. */
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

  /** A FIFO queue answers to what it got within five minutes as it did then, and does nothing. */
  async send(queue: QueueModel, message: OutgoingMessage): Promise<SentMessage> {
    const id = queue.fifo ? deduplicationId(queue, message) : undefined;
    if (id === undefined) {
      return this.put(queue, message);
    }
    const now = this.input.clock.now();
    const before = this.deduplication.find(queue, id, now);
    if (before) {
      return { ...await this.validate(queue, message), ...before };
    }
    const { MessageId, SequenceNumber, ...rest } = await this.put(queue, { ...message, deduplicationId: id });
    this.deduplication.remember(queue, id, now, { MessageId, SequenceNumber });
    return { MessageId, SequenceNumber, ...rest };
  }

  /** As `send`, but whether the queue got the message before or not. */
  async put(queue: QueueModel, message: OutgoingMessage): Promise<SentMessage> {
    const delay = message.delaySeconds ?? queue.delaySeconds;
    const record: MessageRecord = {
      id: this.input.ids.next('message'),
      sentAt: this.input.clock.now(),
      home: queue,
      ...queue.fifo && { deduplicationId: message.deduplicationId },
    };
    if (delay <= 0) {
      return this.enqueue(queue, message, record);
    }
    const answer = await this.validate(queue, message);
    this.input.timers.at(this.input.clock.now() + delay * 1000, `delayed message in ${queue.name}`, async () => {
      await this.enqueue(queue, message, record);
    });
    return { ...answer, MessageId: record.id };
  }

  /** Answers as `send` does, but the message goes nowhere. */
  async validate(queue: QueueModel, message: OutgoingMessage): Promise<SentMessage> {
    const answer = await this.engine.sqs<SentMessage>('SendMessage', engineMessage(stagingName(queue), this.withUniqueDeduplicationId(message)));
    await this.engine.sqs('PurgeQueue', { QueueUrl: stagingName(queue) });
    return answer;
  }

  /** Messages stay invisible for `visibilitySeconds` of virtual time; with 0 they are back at once. */
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
        if (kept) {
          received.push(kept);
        }
      }
      if (!messages) {
        break;
      }
    }
    if (queue.redrive) {
      this.changed(this.find(queue.redrive.deadLetterTargetArn));
    }
    if (visibilitySeconds <= 0) {
      for (const { ReceiptHandle } of received) {
        await this.changeVisibility(queue, ReceiptHandle, 0);
      }
    }
    return received;
  }

  async delete(queue: QueueModel, handle: string): Promise<void> {
    const entry = this.inflight.get(handle);
    await this.engine.sqs('DeleteMessage', { QueueUrl: queue.name, ReceiptHandle: handle });
    if (!entry) {
      return;
    }
    this.input.timers.cancel(entry.timerId);
    this.inflight.delete(handle);
    this.records.delete(entry.engineId);
    if (queue.fifo) {
      this.changed(queue);
    }
  }

  /** `seconds` from now, in virtual time. The engine's error when the handle is not in flight. */
  async changeVisibility(queue: QueueModel, handle: string, seconds: number): Promise<void> {
    const entry = this.inflight.get(handle);
    if (!entry || !(seconds > 0 && seconds <= NEVER_SECONDS)) {
      await this.engine.sqs('ChangeMessageVisibility', { QueueUrl: queue.name, ReceiptHandle: handle, VisibilityTimeout: seconds });
      if (entry) {
        this.returned(queue, handle, entry);
      }
      return;
    }
    this.input.timers.cancel(entry.timerId);
    this.inflight.set(handle, { ...entry, timerId: this.planReturn(queue, handle, seconds) });
  }

  /** Where a message came to this queue from as a dead letter, by its receipt handle. */
  originOf(queue: QueueModel, handle: string): QueueModel | undefined {
    const home = this.records.get(this.inflight.get(handle)?.engineId ?? '')?.home;
    return home === queue ? undefined : home;
  }

  /** Messages in the queue that have not expired. The engine deletes expired ones no sooner than they are received. */
  async count(queue: QueueModel): Promise<{ readonly visible: number; readonly invisible: number }> {
    const { ready, inflight } = await this.engine.contents(queue.name);
    const lives = ({ messageId }: { readonly messageId: string }) => !this.hasExpired(queue, this.records.get(messageId));
    return { visible: ready.filter(lives).length, invisible: inflight.filter(({ message }) => lives(message)).length };
  }

  async purge(queue: QueueModel): Promise<void> {
    await this.engine.sqs('PurgeQueue', { QueueUrl: queue.name });
    for (const [handle, entry] of this.inflight) {
      if (entry.queue !== queue) {
        continue;
      }
      this.input.timers.cancel(entry.timerId);
      this.inflight.delete(handle);
    }
  }

  private async enqueue(queue: QueueModel, message: OutgoingMessage, record: MessageRecord): Promise<SentMessage> {
    const answer = await this.engine.sqs<SentMessage>('SendMessage', engineMessage(queue.name, this.withUniqueDeduplicationId(message)));
    this.records.set(answer.MessageId, record);
    this.changed(queue);
    return { ...answer, MessageId: record.id };
  }

  /** The engine would look for doubles in real time. */
  private withUniqueDeduplicationId(message: OutgoingMessage): OutgoingMessage {
    return message.deduplicationId === undefined ? message : { ...message, deduplicationId: String(++this.lastEngineId) };
  }

  private hasExpired(queue: QueueModel, record: MessageRecord | undefined): boolean {
    return record !== undefined && this.input.clock.now() - record.sentAt >= queue.retentionSeconds * 1000;
  }

  private async take(queue: QueueModel, message: ReceivedMessage, visibilitySeconds: number): Promise<ReceivedMessage | undefined> {
    const now = this.input.clock.now();
    const record: MessageRecord = this.records.get(message.MessageId) ?? { id: message.MessageId, sentAt: now, home: queue };
    if (this.hasExpired(queue, record)) {
      await this.engine.sqs('DeleteMessage', { QueueUrl: queue.name, ReceiptHandle: message.ReceiptHandle });
      this.records.delete(message.MessageId);
      return undefined;
    }
    record.firstReceivedAt ??= now;
    const handle = message.ReceiptHandle;
    const entry = { queue, engineId: message.MessageId, timerId: this.planReturn(queue, handle, visibilitySeconds) };
    this.inflight.set(handle, entry);
    return {
      ...message,
      MessageId: record.id,
      Attributes: {
        ...message.Attributes,
        SentTimestamp: String(record.sentAt),
        ApproximateFirstReceiveTimestamp: String(record.firstReceivedAt),
        ...record.deduplicationId !== undefined && { MessageDeduplicationId: record.deduplicationId },
        ...record.home !== queue && { DeadLetterQueueSourceArn: record.home.arn },
      },
    };
  }

  private planReturn(queue: QueueModel, handle: string, seconds: number): number {
    return this.input.timers.at(this.input.clock.now() + seconds * 1000, `visibility timeout in ${queue.name}`, async () => {
      const entry = this.inflight.get(handle);
      if (!entry) {
        return;
      }
      await this.engine.sqs('ChangeMessageVisibility', { QueueUrl: queue.name, ReceiptHandle: handle, VisibilityTimeout: 0 });
      this.returned(queue, handle, entry);
    });
  }

  private returned(queue: QueueModel, handle: string, entry: Inflight): void {
    this.input.timers.cancel(entry.timerId);
    this.inflight.delete(handle);
    this.changed(queue);
  }

  private changed(queue: QueueModel | undefined): void {
    if (queue) {
      this.listeners.get(queue.arn)?.forEach((listener) => listener());
    }
  }
}
