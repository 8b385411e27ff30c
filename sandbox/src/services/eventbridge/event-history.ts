import { BridgeEvent } from '../../ports';

const KEPT = 10_000;

export type KeptEvent = BridgeEvent & { readonly busName: string };

/** The last events on custom buses: where the integration tells an app what happened. */
export class EventHistory {
  private kept: KeptEvent[] = [];

  add(busName: string, event: BridgeEvent): void {
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
