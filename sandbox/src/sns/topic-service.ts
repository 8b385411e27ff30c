import { ENGINE_ACCOUNT, ENGINE_REGION, Fauxqs } from '../engines/fauxqs';
import { IdSequence } from '../ids';
import { Log } from '../log';
import { FunctionModel, TopicModel } from '../model';
import { VirtualClock } from '../ports';
import { functionNotification, queueNotification } from './notification';
import { MessageAttribute } from '../sqs/message';
import { QueueService } from '../sqs/queue-service';

export interface Notification {
  readonly message: string;
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
}

export interface TopicServiceInput {
  readonly topics: readonly TopicModel[];
  readonly queues: QueueService;
  readonly clock: VirtualClock;
  readonly ids: IdSequence;
  readonly log: Log;
  readonly findFunction: (arn: string) => FunctionModel | undefined;
  readonly invokeLater: (fn: FunctionModel, payload: string) => void;
}

/** Topics and their subscriptions. The engine validates; delivery is ours, as its timestamps have to be virtual. */
export class TopicService {
  constructor(private readonly input: TopicServiceInput) {}

  async deploy(engine: Fauxqs): Promise<void> {
    for (const topic of this.input.topics) await engine.sns({ Action: 'CreateTopic', Name: topic.name });
  }

  find(arn: string): TopicModel | undefined {
    return this.input.topics.find((topic) => topic.arn === arn);
  }

  engineArn(topic: TopicModel): string {
    return `arn:aws:sns:${ENGINE_REGION}:${ENGINE_ACCOUNT}:${topic.name}`;
  }

  nextId(): string {
    return this.input.ids.next('notification');
  }

  /** Delivers to every subscription in the order of the template; returns the message id. */
  async publish(topic: TopicModel, notification: Notification): Promise<string> {
    const { clock, findFunction, ids, invokeLater, log, queues } = this.input;
    const messageId = ids.next('notification');
    const sent = { ...notification, messageId, topicArn: topic.arn, time: new Date(clock.now()).toISOString() };
    for (const subscription of topic.subscriptions) {
      const queue = subscription.protocol === 'sqs' ? queues.find(subscription.endpoint) : undefined;
      const fn = subscription.protocol === 'lambda' ? findFunction(subscription.endpoint) : undefined;
      if (queue) {
        await queues.send(queue, subscription.rawMessageDelivery
          ? { body: sent.message, attributes: sent.attributes }
          : { body: JSON.stringify(queueNotification(sent)) });
      } else if (fn) {
        invokeLater(fn, JSON.stringify(functionNotification(sent)));
      } else {
        log.info(`${topic.name}: not delivered to ${subscription.protocol} ${subscription.endpoint}`);
      }
    }
    return messageId;
  }
}
