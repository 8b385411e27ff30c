import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    topics: TopicModel;
  }
}

export interface TopicModel extends Origin {
  readonly name: string;
  readonly arn: string;
  readonly fifo?: boolean;
  readonly contentBasedDeduplication?: boolean;
  readonly subscriptions: readonly SubscriptionModel[];
}

export interface SubscriptionModel {
  readonly protocol: string;
  readonly endpoint: string;
  readonly rawMessageDelivery: boolean;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
  readonly filterPolicyScope?: 'MessageAttributes' | 'MessageBody';
  /** For what the endpoint does not take. */
  readonly deadLetterArn?: string;
}
