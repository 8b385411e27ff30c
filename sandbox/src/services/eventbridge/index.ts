import { eventsActions } from './actions';
import { EventsApi } from './api';
import { ApiDestinations, INVOKE, isApiDestination, type SentWebhook } from './api-destinations';
import { EventBus } from './event-bus';
import { EventHistory, type KeptEvent } from './event-history';
import { FaultyEventBus } from './faulty-event-bus';
import { rawEvent } from './raw-event';
import { EVENTBRIDGE_TYPES } from './resources';
import { SCHEDULER_TYPES } from './scheduler-resources';
import { planSchedules } from './schedules';
import { EVENT_EFFECTS } from '../../faults/fault';
import { inKeyOrder } from '../../key-order';
import type { EventBridgeEvent } from '../../ports';
import type { RunningService, SandboxService } from '../../wiring/service';
import { LAMBDA } from '../lambda';

export interface RunningEventBridge extends RunningService {
  /** Puts an event that comes without a call of PutEvents: AWS's own, and raw ones. Faults of PutEvents apply. */
  put(busName: string, event: EventBridgeEvent): void;
  state(): EventBridgeState;
}

export interface EventBridgeState {
  /** The last 10,000 events on custom buses. */
  readonly events: readonly KeptEvent[];
  /** The last 1,000 requests to API destinations, in order. They went nowhere. */
  readonly webhooks: readonly SentWebhook[];
}

const SENDING = ['PutEvents'];
/** Operation of faults: EventBridge may not invoke a function, as when its permission is gone. */
const INVOKE_FUNCTION = 'InvokeFunction';

export const EVENTBRIDGE: SandboxService<RunningEventBridge> = {
  name: 'eventbridge',
  resources: { ...EVENTBRIDGE_TYPES, ...SCHEDULER_TYPES },
  lists: ['buses', 'rules', 'apiDestinations'],
  apis: [{
    name: 'events',
    target: 'AWSEvents',
    actions: eventsActions,
    faults: { operations: [...SENDING, INVOKE, INVOKE_FUNCTION], applicable: { drop: SENDING, duplicate: SENDING, delay: SENDING } },
  }],
  start: ({ core, services }) => {
    const { accounts, activity, clock, faults, ids, loop, model, settings, timers } = core;
    const history = new EventHistory();
    const bus = new EventBus({
      ...core,
      rules: model.rules,
      history,
      refusedInvocation: (arn) => {
        const fn = services.get(LAMBDA).find(arn);
        const { error } = fn && faults.takeNamed('events', INVOKE_FUNCTION, ['error'], fn) || {};
        return error && (error.message || error.code);
      },
      hopReplacesEnvelope: () => settings.get('events.regionalHop') === 'replaced',
    });
    const webhooks = new ApiDestinations({
      destinations: model.apiDestinations, clock, takeFault: (effects) => faults.take('events', INVOKE, effects),
    });
    const faulty = new FaultyEventBus(bus, timers, clock);
    const put: RunningEventBridge['put'] = (name, event) => faulty.put(name, event, faults.take('events', 'PutEvents', EVENT_EFFECTS));
    return {
      put,
      handlers: {
        events: new EventsApi({
          ids,
          buses: model.buses,
          account: accounts.workload,
          now: () => clock.now(),
          put: (name, event, effect) => faulty.put(name, event, effect),
        }),
      },
      destinations: {
        events: async (arn, { event, body }) => {
          if (isApiDestination(arn)) {
            return webhooks.invoke(arn, body);
          }
          if (event) {
            bus.put(arn, event);
          }
          return event !== undefined;
        },
      },
      routes: [{
        method: 'POST',
        path: /^events$/,
        run: (body) => loop.exclusive(async () => {
          const event = rawEvent(body, { id: () => ids.next('event'), now: clock.now(), account: accounts.seller });
          put('default', event);
          return { id: event.id };
        }),
      }],
      state: () => ({ events: inKeyOrder(history.list()), webhooks: webhooks.list() }),
      deploy: () => planSchedules({ rules: model.rules, timers, clock, ids, bus, activity }),
      reset: () => {
        history.clear();
        webhooks.clear();
      },
    };
  },
};
