import { compileFilterPolicy, NotificationFilter } from './filter-policy';
import { functionNotification, PublishedNotification, queueNotification } from './notification';
import { IdSequence } from '../../ids';
import { Log } from '../../log';
import { FunctionModel, QueueModel, SubscriptionModel, TopicModel } from '../../model';
import { Agenda, VirtualClock } from '../../ports';
import { ENGINE_ACCOUNT, ENGINE_REGION, Fauxqs, SqsEngineError } from '../fauxqs/fauxqs';
import { MessageAttribute, OutgoingMessage } from '../sqs/message';
import { QueueService } from '../sqs/queue-service';

export interface Notification {
  readonly message: string;
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
}

export interface TopicServiceInput {
  readonly topics: readonly TopicModel[];
  readonly queues: QueueService;
  readonly agenda: Agenda;
  readonly clock: VirtualClock;
  readonly ids: IdSequence;
  readonly log: Log;
  readonly findFunction: (arn: string) => FunctionModel | undefined;
  readonly invokeLater: (fn: FunctionModel, payload: string) => void;
}

/** Topics and their subscriptions. The engine validates; delivery is ours, as its timestamps have to be virtual. */
export class TopicService {
  private readonly filters: ReadonlyMap<SubscriptionModel, NotificationFilter>;

  constructor(private readonly input: TopicServiceInput) {
    const subscriptions = input.topics.flatMap((topic) => topic.subscriptions);
    this.filters = new Map(subscriptions.flatMap((subscription) => subscription.filterPolicy
      ? [[subscription, compileFilterPolicy(subscription.filterPolicy, subscription.filterPolicyScope ?? 'MessageAttributes')] as const]
      : []));
  }

  async deploy(engine: Fauxqs): Promise<void> {
    for (const topic of this.input.topics) {
      await engine.sns({ Action: 'CreateTopic', Name: topic.name });
    }
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
    const messageId = this.nextId();
    await this.deliver(topic, notification, messageId);
    return messageId;
  }

  /** As `publish`, but subscribers get it after `millis` of virtual time. */
  publishLater(topic: TopicModel, notification: Notification, millis: number): string {
    const { agenda, clock } = this.input;
    const messageId = this.nextId();
    agenda.at(clock.now() + millis, `delayed notification of ${topic.name}`, () => this.deliver(topic, notification, messageId));
    return messageId;
  }

  private async deliver(topic: TopicModel, notification: Notification, messageId: string): Promise<void> {
    const { clock, findFunction, invokeLater, log, queues } = this.input;
    const sent = { ...notification, messageId, topicArn: topic.arn, time: new Date(clock.now()).toISOString() };
    for (const subscription of topic.subscriptions) {
      if (this.filters.get(subscription)?.(sent) === false) {
        continue;
      }
      const queue = subscription.protocol === 'sqs' ? queues.find(subscription.endpoint) : undefined;
      const fn = subscription.protocol === 'lambda' ? findFunction(subscription.endpoint) : undefined;
      if (queue) {
        await this.deliverTo(queue, subscription, sent);
      } else if (fn) {
        invokeLater(fn, JSON.stringify(functionNotification(sent)));
      } else {
        log.info(`${topic.name}: not delivered to ${subscription.protocol} ${subscription.endpoint}`);
      }
    }
  }

  /**
   * What a queue refuses (for a character SQS does not take, say) is lost, and not the publisher's problem. A dead-letter queue
   * would refuse it too, and nothing else can fail here.
   */
  private async deliverTo(queue: QueueModel, subscription: SubscriptionModel, sent: PublishedNotification): Promise<void> {
    const { log, queues } = this.input;
    try {
      await queues.send(queue, queueMessage(subscription, sent));
    } catch (error) {
      if (!(error instanceof SqsEngineError)) {
        throw error;
      }
      log.warn(`${sent.topicArn}: ${queue.name} refuses a notification: ${error.message}`);
    }
  }
}

function queueMessage({ rawMessageDelivery }: SubscriptionModel, sent: PublishedNotification): OutgoingMessage {
  return rawMessageDelivery
    ? { body: sent.message, attributes: sent.attributes }
    : { body: JSON.stringify(queueNotification(sent)) };
}
