import type { FilterPattern } from './event-filter';
import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    eventSourceMappings: EventSourceMappingModel;
    eventInvokeConfigs: EventInvokeConfigModel;
  }
}

export interface EventSourceMappingModel extends Origin {
  readonly uuid: string;
  readonly functionArn: string;
  readonly eventSourceArn: string;
  /** As the template says: an operator may switch it later. */
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly maximumConcurrency?: number;
  /** One of them must match; none: every record. */
  readonly filters?: readonly FilterPattern[];
  /** Of a mapping from a stream. */
  readonly stream?: StreamMappingModel;
}

export interface StreamMappingModel {
  /** Below 0: until the record is too old. */
  readonly maximumRetryAttempts: number;
  /** Below 0: as long as the stream keeps it. */
  readonly maximumRecordAgeSeconds: number;
  /** A batch that failed is divided. */
  readonly bisects: boolean;
  readonly onFailureArn?: string;
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
