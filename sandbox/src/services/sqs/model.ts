import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    queues: QueueModel;
  }
}

export interface QueueModel extends Origin {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  /** FIFO queues: a message without a deduplication id has one made of its body. */
  readonly contentBasedDeduplication?: boolean;
  readonly redrive?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}
