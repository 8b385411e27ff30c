import { FunctionModel } from '../model';
import { BridgeEvent } from '../ports';
import { TopicService } from '../services/sns/topic-service';
import { MessageAttribute } from '../services/sqs/message';
import { QueueService } from '../services/sqs/queue-service';

export interface DestinationsInput {
  readonly queues: QueueService;
  readonly topics: TopicService;
  readonly findFunction: (arn: string) => FunctionModel | undefined;
  readonly invokeLater: (fn: FunctionModel, payload: string) => void;
  readonly putEvent: (busArn: string, event: BridgeEvent) => void;
}

export interface Parcel {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** For FIFO queues. */
  readonly groupId?: string;
  /** What an event bus gets instead of the body. */
  readonly event?: BridgeEvent;
}

/** Brings things to what an ARN names: rule targets, dead-letter queues, destinations of asynchronous invocations. */
export class Destinations {
  constructor(private readonly input: DestinationsInput) {}

  /** False when the sandbox knows nothing by that ARN, or of that kind. Throws when the delivery itself fails. */
  async send(arn: string, parcel: Parcel): Promise<boolean> {
    const { findFunction, invokeLater, putEvent, queues, topics } = this.input;
    switch (arn.split(':')[2]) {
      case 'lambda': {
        const fn = findFunction(arn);
        if (fn) {
          invokeLater(fn, parcel.body);
        }
        return fn !== undefined;
      }
      case 'sqs': {
        const queue = queues.find(arn);
        if (queue) {
          await queues.send(queue, { body: parcel.body, attributes: parcel.attributes, ...queue.fifo && { groupId: parcel.groupId ?? 'sandbox' } });
        }
        return queue !== undefined;
      }
      case 'sns': {
        const topic = topics.find(arn);
        if (topic) {
          await topics.publish(topic, { message: parcel.body, attributes: parcel.attributes });
        }
        return topic !== undefined;
      }
      case 'events':
        if (parcel.event) {
          putEvent(arn, parcel.event);
        }
        return parcel.event !== undefined;
      case 'logs':
        return true;
      default:
        return false;
    }
  }
}
