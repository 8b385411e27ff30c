import { EventBridgeEvent } from '../../ports';

const KEPT = 10_000;

export type KeptEvent = EventBridgeEvent & { readonly busName: string };

/** The last events on custom buses: where the integration publishes its domain events. */
export class EventHistory {
  private kept: KeptEvent[] = [];

  add(busName: string, event: EventBridgeEvent): void {
    this.kept.push({ busName, ...event });
    if (this.kept.length > KEPT) {
      this.kept.shift();
    }
  }

  list(): readonly KeptEvent[] {
    return this.kept;
  }

  clear(): void {
    this.kept = [];
  }
}
