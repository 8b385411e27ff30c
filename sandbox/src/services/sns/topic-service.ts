import { compileFilterPolicy, NotificationFilter } from './filter-policy';
import type { SubscriptionModel, TopicModel } from './model';
import { functionNotification, PublishedNotification, queueNotification } from './notification';
import { nameOf } from '../../arn';
import { LostEvents } from '../../control/lost-events';
import { DeliveryError } from '../../errors';
import { digest, IdSequence } from '../../ids';
import { Clock, Delivery, Log, MessageAttribute, Timers } from '../../ports';
import { Destinations } from '../../wiring/destinations';
import { ENGINE_ACCOUNT, ENGINE_REGION, Fauxqs } from '../fauxqs/fauxqs';

/** For so long a FIFO topic knows a message again. */
const DEDUPLICATION_MS = 5 * 60_000;

export interface Notification {
  readonly message: string;
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** For FIFO topics. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/** What SNS answers to who published. */
export interface Published {
  readonly messageId: string;
  /** Of a message of a FIFO topic. */
  readonly sequenceNumber?: string;
}

export interface TopicServiceInput {
  readonly topics: readonly TopicModel[];
  readonly destinations: Destinations;
  readonly lost: LostEvents;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly ids: IdSequence;
  readonly log: Log;
}

/** Topics and their subscriptions. The engine validates; the sandbox delivers, as timestamps have to be virtual. */
export class TopicService {
  /** What FIFO topics took, by deduplication id. */
  private readonly sent = new Map<string, Published & { readonly at: number }>();
  private readonly filters: ReadonlyMap<SubscriptionModel, NotificationFilter>;

  constructor(private readonly input: TopicServiceInput) {
    const subscriptions = input.topics.flatMap((topic) => topic.subscriptions);
    this.filters = new Map(subscriptions.flatMap((subscription) => subscription.filterPolicy
      ? [[subscription, compileFilterPolicy(subscription.filterPolicy, subscription.filterPolicyScope ?? 'MessageAttributes')] as const]
      : []));
  }

  async deploy(engine: Fauxqs): Promise<void> {
    for (const topic of this.input.topics) {
      const attributes = topic.fifo ? { FifoTopic: 'true', ContentBasedDeduplication: String(topic.contentBasedDeduplication === true) } : {};
      const fields = Object.entries(attributes).map(([key, value], index) => [[`Attributes.entry.${index + 1}.key`, key], [`Attributes.entry.${index + 1}.value`, value]]);
      await engine.sns({ Action: 'CreateTopic', Name: topic.name, ...Object.fromEntries(fields.flat()) });
    }
    this.sent.clear();
  }

  find(arn: string): TopicModel | undefined {
    return this.input.topics.find((topic) => topic.arn === arn);
  }

  engineArn(topic: TopicModel): string {
    return `arn:aws:sns:${ENGINE_REGION}:${ENGINE_ACCOUNT}:${topic.name}`;
  }

  /** What is answered for one more message of a topic. */
  next(topic: TopicModel): Published {
    const { ids } = this.input;
    return { messageId: ids.next('notification'), ...topic.fifo && { sequenceNumber: String(ids.count('sequence number')).padStart(20, '0') } };
  }

  /** Delivers to every subscription in the order of the template. */
  async publish(topic: TopicModel, notification: Notification): Promise<Published> {
    const id = topic.fifo ? notification.deduplicationId ?? digest(64, notification.message) : undefined;
    const before = id === undefined ? undefined : this.sent.get(`${topic.arn} ${id}`);
    if (before && this.input.clock.now() - before.at < DEDUPLICATION_MS) {
      return before;
    }
    const published = this.next(topic);
    if (id !== undefined) {
      this.sent.set(`${topic.arn} ${id}`, { ...published, at: this.input.clock.now() });
    }
    await this.deliver(topic, { ...notification, deduplicationId: id }, published.messageId);
    return published;
  }

  /** As `publish`, but subscribers get it after `millis` of virtual time. */
  publishLater(topic: TopicModel, notification: Notification, millis: number): Published {
    const { timers, clock } = this.input;
    const published = this.next(topic);
    timers.at(clock.now() + millis, `delayed notification of ${topic.name}`, () => this.deliver(topic, notification, published.messageId));
    return published;
  }

  private async deliver(topic: TopicModel, notification: Notification, messageId: string): Promise<void> {
    const { clock } = this.input;
    const sent = { ...notification, messageId, topicArn: topic.arn, time: new Date(clock.now()).toISOString() };
    for (const subscription of topic.subscriptions) {
      if (this.filters.get(subscription)?.(sent) !== false) {
        await this.deliverTo(topic, subscription, sent);
      }
    }
  }

  /**
   * A notification that a queue refuses (for a character SQS does not take, say) is lost, and does not fail the publisher's call.
   * A dead-letter queue would refuse it too, and nothing else can fail here.
   */
  private async deliverTo(topic: TopicModel, subscription: SubscriptionModel, sent: PublishedNotification): Promise<void> {
    const { clock, destinations, log, lost } = this.input;
    try {
      const delivery = deliveryOf(subscription, sent);
      if (!delivery || !await destinations.send(subscription.endpoint, delivery)) {
        lost.add(clock.now(), { from: topic.name, to: subscription.endpoint, reason: `the sandbox does not deliver to ${subscription.protocol} there` });
        log.info(`${topic.name}: not delivered to ${subscription.protocol} ${subscription.endpoint}`);
      }
    } catch (error) {
      if (!(error instanceof DeliveryError)) {
        throw error;
      }
      lost.add(clock.now(), { from: topic.name, to: subscription.endpoint, reason: error.message });
      log.warn(`${sent.topicArn}: ${nameOf(subscription.endpoint)} refuses a notification: ${error.message}`);
    }
  }
}

/** Undefined for protocols that the sandbox does not deliver to. */
function deliveryOf({ protocol, rawMessageDelivery }: SubscriptionModel, sent: PublishedNotification): Delivery | undefined {
  switch (protocol) {
    case 'sqs': return {
      ...rawMessageDelivery ? { body: sent.message, attributes: sent.attributes } : { body: JSON.stringify(queueNotification(sent)) },
      groupId: sent.groupId,
      deduplicationId: sent.deduplicationId,
    };
    case 'lambda': return { body: JSON.stringify(functionNotification(sent)) };
    default: return undefined;
  }
}
