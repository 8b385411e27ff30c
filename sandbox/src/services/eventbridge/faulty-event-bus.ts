import { EventBus } from './event-bus';
import { Effect } from '../../gateway/aws-call';
import { Agenda, BridgeEvent, VirtualClock } from '../../ports';

/** The way events take onto the bus, where a fault can lose, double or delay them. */
export class EventIntake {
  constructor(private readonly bus: EventBus, private readonly agenda: Agenda, private readonly clock: VirtualClock) {}

  put(busName: string, event: BridgeEvent, effect: Effect | undefined): void {
    if (effect?.drop) {
      return;
    }
    if (effect?.delayMillis !== undefined) {
      this.agenda.at(this.clock.now() + effect.delayMillis, `delayed event ${event['detail-type']}`, () => this.bus.put(busName, event));
      return;
    }
    this.bus.put(busName, event);
    if (effect?.duplicate) {
      this.bus.put(busName, event);
    }
  }
}
