import { errorAnswerOf } from './errors';
import { checkBatch, checkedDelay } from './limits';
import { OutgoingMessage, ReceivedMessage, SentMessage } from './message';
import type { QueueModel } from './model';
import { QueueNames } from './queue-names';
import { QueueService } from './queue-service';
import { AwsError } from '../../errors';
import { CALL_EFFECTS, FaultEffect, Effect } from '../../faults/fault';
import { jsonAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import { MessageAttribute } from '../../ports';
import { Fauxqs, SqsEngineError } from '../fauxqs/fauxqs';

const SENDING = ['SendMessage', 'SendMessageBatch'];
const VISIBLE = 'ApproximateNumberOfMessages';
const INVISIBLE = 'ApproximateNumberOfMessagesNotVisible';

interface BatchEntry {
  readonly Id: string; readonly [member: string]: unknown;
}

export interface SqsApiInput {
  readonly queues: QueueService;
  readonly engine: () => Fauxqs;
  readonly names: QueueNames;
  /** Runs work from outside when it is its turn. */
  readonly runInTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** SQS over its JSON protocol, with every time in it virtual. What needs no translation goes to the engine as it is. */
export class SqsApi implements ApiHandler {
  constructor(private readonly input: SqsApiInput) {}

  /** Long polling must not block the messages it waits for. */
  waitsByItself({ operation }: AwsCall): boolean {
    return operation === 'ReceiveMessage';
  }

  /** A FIFO queue takes no message twice. */
  effects({ format, operation, parameters }: AwsCall): readonly FaultEffect[] {
    const queue = format !== 'query' && SENDING.includes(operation) ? this.input.queues.find(String(parameters.QueueUrl ?? '')) : undefined;
    return queue ? CALL_EFFECTS.filter((effect) => !(queue.fifo && effect === 'duplicate')) : [];
  }

  async handle(call: AwsCall): Promise<HttpAnswer> {
    if (call.format === 'query') {
      throw new AwsError('UnsupportedProtocol', `${call.operation || 'The request'} came in the query protocol, which SQS clients spoke until 2023. The sandbox `
        + 'speaks the JSON protocol of SQS: update the AWS SDK or CLI to a release of 2024 or later');
    }
    try {
      return jsonAnswer(await this.perform(call));
    } catch (error) {
      if (error instanceof SqsEngineError) {
        return errorAnswerOf(error);
      }
      throw error;
    }
  }

  private async perform(call: AwsCall): Promise<unknown> {
    const { parameters, effect } = call;
    const { moves } = this.input.queues;
    if (call.operation === 'StartMessageMoveTask') {
      return moves.start(parameters);
    }
    if (call.operation === 'ListMessageMoveTasks') {
      return moves.list(parameters);
    }
    if (call.operation === 'CancelMessageMoveTask') {
      return moves.cancel(parameters);
    }
    const queue = this.input.queues.find(String(parameters.QueueUrl ?? ''));
    if (!queue) {
      return this.input.names.outward(await this.engineAnswer(call));
    }
    switch (call.operation) {
      case 'SendMessage': return this.send(queue, parameters, effect);
      case 'SendMessageBatch':
        return this.batch(call, (entry) => this.send(queue, entry, effect), (entry, sent) => ({ Id: entry.Id, ...sent }));
      case 'ReceiveMessage': return this.receive(call, queue);
      case 'DeleteMessage': return this.delete(queue, parameters);
      case 'DeleteMessageBatch': return this.batch(call, (entry) => this.delete(queue, entry), ({ Id }) => ({ Id }));
      case 'ChangeMessageVisibility': return this.changeVisibility(queue, parameters);
      case 'ChangeMessageVisibilityBatch':
        return this.batch(call, (entry) => this.changeVisibility(queue, entry), ({ Id }) => ({ Id }));
      case 'PurgeQueue':
        await this.input.queues.purge(queue);
        return {};
      case 'GetQueueAttributes': return this.input.names.outward(await this.attributes(call, queue));
      default:
        return this.input.names.outward(await this.engineAnswer(call));
    }
  }

  /** The engine counts expired messages until they are received. */
  private async attributes(call: AwsCall, queue: QueueModel): Promise<unknown> {
    const { Attributes = {}, ...rest } = await this.engineAnswer(call) as { Attributes?: Readonly<Record<string, string>> };
    if (!(Number(Attributes[VISIBLE] ?? 0) > 0 || Number(Attributes[INVISIBLE] ?? 0) > 0)) {
      return { Attributes, ...rest };
    }
    const { visible, invisible } = await this.input.queues.count(queue);
    return {
      ...rest,
      Attributes: {
        ...Attributes,
        ...VISIBLE in Attributes && { [VISIBLE]: String(visible) },
        ...INVISIBLE in Attributes && { [INVISIBLE]: String(invisible) },
      },
    };
  }

  private engineAnswer(call: AwsCall): Promise<unknown> {
    return this.input.engine().sqs(call.operation, call.parameters);
  }

  private async send(queue: QueueModel, parameters: Readonly<Record<string, unknown>>, effect: Effect): Promise<SentMessage> {
    const delay = Math.max((effect.delayMillis ?? 0) / 1000, checkedDelay(queue, parameters.DelaySeconds) ?? queue.delaySeconds);
    const message: OutgoingMessage = {
      body: parameters.MessageBody as string,
      attributes: parameters.MessageAttributes as Readonly<Record<string, MessageAttribute>> | undefined,
      groupId: parameters.MessageGroupId as string | undefined,
      deduplicationId: parameters.MessageDeduplicationId as string | undefined,
      delaySeconds: delay,
    };
    if (effect.drop) {
      return this.input.queues.validate(queue, message);
    }
    const sent = await this.input.queues.send(queue, message);
    if (effect.duplicate) {
      await this.input.queues.send(queue, message);
    }
    return sent;
  }

  private async receive(call: AwsCall, queue: QueueModel): Promise<unknown> {
    const { parameters } = call;
    const max = Number(parameters.MaxNumberOfMessages ?? 1);
    const visibility = Number(parameters.VisibilityTimeout ?? queue.visibilityTimeoutSeconds);
    // The engine answers with the error of SQS.
    if (!within(max, 1, 10) || !within(visibility, 0, 43_200) || !within(waitSeconds(call), 0, 20)) {
      return this.engineAnswer(call);
    }
    const receive = () => this.input.queues.receive(queue, max, visibility);
    const messages = call.caller ? await receive() : await this.longPoll(call, queue, receive);
    return messages.length === 0 ? {} : { Messages: messages.map((message) => requested(message, parameters)) };
  }

  /** Waits in real time for a first message. A function that waited would wait in vain: nothing else runs meanwhile. */
  private async longPoll(call: AwsCall, queue: QueueModel, receive: () => Promise<ReceivedMessage[]>): Promise<ReceivedMessage[]> {
    const seconds = waitSeconds(call);
    const messages = await this.input.runInTurn(receive);
    if (messages.length > 0 || seconds <= 0) {
      return messages;
    }
    await this.input.queues.changeWithin(queue, seconds * 1000);
    return this.input.runInTurn(receive);
  }

  private async delete(queue: QueueModel, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    await this.input.queues.delete(queue, String(parameters.ReceiptHandle));
    return {};
  }

  private async changeVisibility(queue: QueueModel, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    await this.input.queues.changeVisibility(queue, String(parameters.ReceiptHandle), Number(parameters.VisibilityTimeout));
    return {};
  }

  private async batch<T>(
    call: AwsCall,
    perform: (entry: BatchEntry) => Promise<T>,
    success: (entry: BatchEntry, result: T) => unknown,
  ): Promise<unknown> {
    const entries = call.parameters.Entries as readonly BatchEntry[] | undefined ?? [];
    checkBatch(entries);
    const Successful: unknown[] = [];
    const Failed: unknown[] = [];
    for (const entry of entries) {
      try {
        Successful.push(success(entry, await perform(entry)));
      } catch (error) {
        if (!(error instanceof SqsEngineError)) {
          throw error;
        }
        const { __type: type = 'InternalError', message = '' } = JSON.parse(error.answer.body.toString()) as { __type?: string; message?: string };
        Failed.push({ Id: entry.Id, SenderFault: true, Code: type.split('#').pop(), Message: message });
      }
    }
    return { Successful, Failed };
  }
}

function within(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function waitSeconds({ parameters }: AwsCall): number {
  return Number(parameters.WaitTimeSeconds ?? 0);
}

/** Only the attributes that were asked for. */
function requested(message: ReceivedMessage, parameters: Readonly<Record<string, unknown>>): unknown {
  const system = names(parameters.AttributeNames).concat(names(parameters.MessageSystemAttributeNames));
  const own = names(parameters.MessageAttributeNames);
  const { Attributes, MessageAttributes, MD5OfMessageAttributes, ...rest } = message;
  const wanted = (list: readonly string[], name: string) => list.some((pattern) => pattern === 'All' || pattern === name
    || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))));
  const attributes = Object.fromEntries(Object.entries(Attributes).filter(([name]) => wanted(system, name)));
  const messageAttributes = Object.fromEntries(Object.entries(MessageAttributes ?? {}).filter(([name]) => wanted(own, name)));
  return {
    ...rest,
    ...Object.keys(attributes).length > 0 && { Attributes: attributes },
    ...Object.keys(messageAttributes).length > 0 && { MessageAttributes: messageAttributes, MD5OfMessageAttributes },
  };
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
