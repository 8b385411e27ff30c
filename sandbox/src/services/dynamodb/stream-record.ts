import { isDeepStrictEqual } from 'node:util';
import type { TableModel } from './model';
import { regionOf } from '../../arn';
import { digest } from '../../ids';

/** A record as the engine has it, with both images. */
export interface EngineRecord {
  readonly eventName: string;
  readonly dynamodb: {
    readonly Keys: object;
    readonly NewImage?: object;
    readonly OldImage?: object;
    readonly SizeBytes: number;
  };
}

/** A record of the event that Lambda makes of changes of a table. */
export interface StreamRecord {
  readonly eventID: string;
  readonly dynamodb: { readonly SequenceNumber: string; readonly [name: string]: unknown };
  readonly [name: string]: unknown;
}

export interface StreamRecordInput {
  readonly table: TableModel;
  readonly streamArn: string;
  readonly record: EngineRecord;
  /** Position in the stream, from 1. */
  readonly sequence: number;
  /** Virtual epoch milliseconds. */
  readonly now: number;
}

/** Undefined where nothing has changed: such a write is no record of AWS's streams. */
export function streamRecord({ table, streamArn, record, sequence, now }: StreamRecordInput): StreamRecord | undefined {
  const { eventName, dynamodb: { Keys, NewImage, OldImage, SizeBytes } } = record;
  if (NewImage !== undefined && OldImage !== undefined && isDeepStrictEqual(NewImage, OldImage)) {
    return undefined;
  }
  const view = table.streamViewType ?? 'KEYS_ONLY';
  return {
    eventID: digest(32, streamArn, String(sequence)),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: regionOf(table.arn),
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(now / 1000),
      Keys,
      ...view.startsWith('NEW') && NewImage !== undefined && { NewImage },
      ...view.includes('OLD') && OldImage !== undefined && { OldImage },
      SequenceNumber: String(sequence).padStart(21, '0'),
      SizeBytes,
      StreamViewType: view,
    },
    eventSourceARN: streamArn,
  };
}
