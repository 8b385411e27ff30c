import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    buckets: BucketModel;
  }
}

export interface BucketModel extends Origin {
  readonly name: string;
  readonly arn: string;
}
