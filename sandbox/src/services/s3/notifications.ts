import type { BucketModel } from './model';
import { arnIn } from '../../arn';
import { isoSeconds } from '../../clock/duration';
import type { WorkLoop } from '../../clock/work-loop';
import type { LostEvents } from '../../control/lost-events';
import { DeliveryError } from '../../errors';
import type { IdSequence } from '../../ids';
import type { Clock, Delivery, EventBridgeEvent } from '../../ports';
import type { Destinations } from '../../wiring/destinations';

/** What happened to an object. */
export interface ObjectChange {
  readonly bucket: string;
  readonly key: string;
  /** `ObjectCreated:Put`, `ObjectRemoved:Delete`, … */
  readonly event: string;
  /** The operation that did it. */
  readonly operation: string;
  /** Absent when the object is gone. */
  readonly size?: number;
  readonly etag?: string;
}

export interface NotificationsInput {
  readonly buckets: readonly BucketModel[];
  readonly clock: Clock;
  readonly ids: IdSequence;
  readonly loop: Pick<WorkLoop, 'ready'>;
  readonly lost: LostEvents;
  readonly destinations: Destinations;
}

/** Reports changes of objects to functions, queues, topics and the default event bus. */
export class BucketNotifications {
  constructor(private readonly input: NotificationsInput) {}

  report(change: ObjectChange): void {
    const { buckets, ids } = this.input;
    const bucket = buckets.find(({ name }) => name === change.bucket);
    if (!bucket) {
      return;
    }
    const sequencer = ids.count('object').toString(16).toUpperCase().padStart(18, '0');
    bucket.notifications.filter(({ events, prefix, suffix }) => change.key.startsWith(prefix) && change.key.endsWith(suffix)
      && events.some((pattern) => pattern === `s3:${change.event}` || (pattern.endsWith('*') && `s3:${change.event}`.startsWith(pattern.slice(0, -1)))))
      .forEach(({ arn }) => this.send(bucket, arn, { body: JSON.stringify({ Records: [this.record(bucket, change, sequencer)] }) }));
    if (bucket.toEventBridge) {
      this.send(bucket, arnIn(bucket, 'events', 'event-bus/default'), { body: '', event: this.event(bucket, change, sequencer) });
    }
  }

  private send(bucket: BucketModel, arn: string, delivery: Delivery): void {
    const { clock, destinations, loop, lost } = this.input;
    loop.ready(`notification of bucket ${bucket.name}`, async () => {
      const lose = (reason: string) => lost.add(clock.now(), { from: bucket.name, to: arn, reason });
      try {
        if (!await destinations.send(arn, delivery)) {
          lose('there is no such destination in the sandbox');
        }
      } catch (error) {
        if (!(error instanceof DeliveryError)) {
          throw error;
        }
        lose(error.message);
      }
    });
  }

  private record(bucket: BucketModel, { key, event, size, etag }: ObjectChange, sequencer: string): object {
    const { clock, ids } = this.input;
    return {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: bucket.region,
      eventTime: new Date(clock.now()).toISOString(),
      eventName: event,
      userIdentity: { principalId: 'AWS:SANDBOX' },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: { 'x-amz-request-id': ids.next('request'), 'x-amz-id-2': 'sandbox' },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'sandbox',
        bucket: { name: bucket.name, ownerIdentity: { principalId: 'SANDBOX' }, arn: bucket.arn },
        object: { key: encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'), ...size !== undefined && { size, eTag: etag }, sequencer },
      },
    };
  }

  private event(bucket: BucketModel, { key, event, operation, size, etag }: ObjectChange, sequencer: string): EventBridgeEvent {
    const { clock, ids } = this.input;
    const isCreated = event.startsWith('ObjectCreated');
    return {
      'version': '0',
      'id': ids.next('event'),
      'detail-type': isCreated ? 'Object Created' : 'Object Deleted',
      'source': 'aws.s3',
      'account': bucket.account,
      'time': isoSeconds(clock.now()),
      'region': bucket.region,
      'resources': [bucket.arn],
      'detail': {
        'version': '0',
        'bucket': { name: bucket.name },
        'object': { key, ...size !== undefined && { size, etag }, sequencer },
        'request-id': ids.next('request'),
        'requester': bucket.account,
        'source-ip-address': '127.0.0.1',
        'reason': operation,
        ...!isCreated && { 'deletion-type': 'Permanently Deleted' },
      },
    };
  }
}
