import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    eventSourceMappings: EventSourceMappingModel;
    eventInvokeConfigs: EventInvokeConfigModel;
  }
}

export interface EventSourceMappingModel extends Origin {
  readonly functionArn: string;
  readonly eventSourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly maximumConcurrency?: number;
}

export interface EventInvokeConfigModel extends Origin {
  readonly functionArn: string;
  /** Default 2. */
  readonly maximumRetryAttempts: number;
  /** Default 21,600. */
  readonly maximumEventAgeSeconds: number;
  readonly onFailureArn?: string;
  readonly onSuccessArn?: string;
}
