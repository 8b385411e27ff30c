import { EventBus } from './event-bus';
import type { Effect } from '../../faults/fault';
import { Timers, EventBridgeEvent, Clock } from '../../ports';

/** The way events take onto the bus, where a fault can lose, double or delay them. */
export class FaultyEventBus {
  constructor(private readonly bus: EventBus, private readonly timers: Timers, private readonly clock: Clock) {}

  put(busName: string, event: EventBridgeEvent, effect: Effect | undefined): void {
    if (effect?.drop) {
      return;
    }
    if (effect?.delayMillis !== undefined) {
      this.timers.at(this.clock.now() + effect.delayMillis, `delayed event ${event['detail-type']}`, () => this.bus.put(busName, event));
      return;
    }
    this.bus.put(busName, event);
    if (effect?.duplicate) {
      this.bus.put(busName, event);
    }
  }
}
