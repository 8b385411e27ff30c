import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../../../src/names';
import type { DomainEvent } from '../../domain/domain-event';
import { ENTRY_TOO_LARGE, EventsNotTakenError, type EventPublisher } from '../../domain/ports';

const ENTRIES_PER_CALL = 10;
/** PutEvents takes less than 256 KB a call, counted over all its entries. */
const BYTES_PER_CALL = 256 * 1024 - 1;
/** `Time` counts 14 bytes. */
const TIME_BYTES = 14;

/** Sends domain events to the integration's bus. */
export class EventBridgePublisher implements EventPublisher {
  /** @param metering of the deployment: the events of a dry run say so, as a live deployment of the product has the same ones */
  constructor(
    private readonly client: EventBridgeClient, private readonly eventBusName: string, private readonly metering: 'LIVE' | 'DRY_RUN',
  ) {}

  async publish(events: readonly DomainEvent[]): Promise<void> {
    const failures: { eventId: string; code: string }[] = [];
    const sendable = events.filter((event) => {
      const fits = size(this.entry(event)) <= BYTES_PER_CALL;
      if (!fits) {
        failures.push({ eventId: event.detail.eventId, code: ENTRY_TOO_LARGE });
      }
      return fits;
    });
    for (const call of this.calls(sendable)) {
      const { Entries: answers = [] } = await this.client.send(new PutEventsCommand({ Entries: call.map((event) => this.entry(event)) }));
      call.forEach((event, index) => {
        const answer = answers[index];
        if (answer?.EventId === undefined || answer.ErrorCode !== undefined) {
          failures.push({ eventId: event.detail.eventId, code: answer?.ErrorCode ?? 'NoAnswer' });
        }
      });
    }
    if (failures.length > 0) {
      throw new EventsNotTakenError(failures);
    }
  }

  private calls(events: readonly DomainEvent[]): DomainEvent[][] {
    const calls: DomainEvent[][] = [];
    let bytes = 0;
    for (const event of events) {
      const more = size(this.entry(event));
      const current = calls.at(-1);
      if (current === undefined || current.length === ENTRIES_PER_CALL || bytes + more > BYTES_PER_CALL) {
        calls.push([event]);
        bytes = more;
      } else {
        current.push(event);
        bytes += more;
      }
    }
    return calls;
  }

  private entry(event: DomainEvent): PutEventsRequestEntry {
    return {
      EventBusName: this.eventBusName,
      Source: EVENT_SOURCE,
      DetailType: event.detailType,
      Time: new Date(event.time),
      Detail: JSON.stringify(this.metering === 'DRY_RUN' ? { ...event.detail, metering: this.metering } : event.detail),
    };
  }
}

function size(entry: PutEventsRequestEntry): number {
  const text = `${entry.Source}${entry.DetailType}${entry.Detail}`;
  return TIME_BYTES + Buffer.byteLength(text, 'utf8');
}
