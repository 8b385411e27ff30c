import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE, FORWARDED_NOTIFICATION } from '../../../src/names';
import { EventsNotTakenError } from '../../domain/ports';
import type { NotificationEnvelope } from '../../domain/subscription/notification';

/**
 * Puts notifications of AWS Marketplace on an event bus of another account or region. A call of PutEvents is no hop from bus to bus, so
 * no limit of hops stops it (docs/marketplace-facts.md#f-11-6).
 */
export class NotificationBus {
  /** @param client in the region of the bus */
  constructor(private readonly client: Pick<EventBridgeClient, 'send'>, private readonly busArn: string) {}

  async forward(envelope: NotificationEnvelope): Promise<void> {
    const { Entries: [answer] = [] } = await this.client.send(new PutEventsCommand({
      Entries: [{ EventBusName: this.busArn, Source: EVENT_SOURCE, DetailType: FORWARDED_NOTIFICATION, Detail: JSON.stringify(envelope) }],
    }));
    if (answer?.EventId === undefined || answer.ErrorCode !== undefined) {
      throw new EventsNotTakenError([{ eventId: envelope.MessageId ?? 'unknown', code: answer?.ErrorCode ?? 'NoAnswer' }]);
    }
  }
}

/** @param busArn `arn:aws:events:<region>:<account>:event-bus/<name>` */
export function regionOfBus(busArn: string): string {
  return busArn.split(':')[3];
}
