import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    buckets: BucketModel;
  }
}

export interface BucketModel extends Origin {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly notifications: readonly NotificationModel[];
  /** Every event goes to the default event bus too. */
  readonly toEventBridge: boolean;
}

/** A function, queue or topic that wants to know of changes of objects. */
export interface NotificationModel {
  readonly arn: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectRemoved:Delete`, … */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}
