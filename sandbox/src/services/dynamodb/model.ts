import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    tables: TableModel;
  }
}

export interface TableModel extends Origin {
  readonly name: string;
  readonly arn: string;
  /** Input of CreateTable, on demand. */
  readonly definition: {
    readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: 'S' | 'N' | 'B' }[];
    readonly GlobalSecondaryIndexes?: readonly {
      readonly IndexName: string;
      readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
      readonly Projection: { readonly ProjectionType?: string; readonly NonKeyAttributes?: readonly string[] };
    }[];
    readonly LocalSecondaryIndexes?: readonly unknown[];
  };
  readonly ttlAttribute?: string;
  readonly pointInTimeRecovery: boolean;
  /** Present: the table has a stream. */
  readonly streamViewType?: string;
}
