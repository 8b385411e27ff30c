import { setImmediate } from 'node:timers/promises';
import { LostEvent, LostEvents } from './lost-events';
import { WorkLoop } from '../clock/work-loop';
import { Authorizer, Denial } from '../gateway/authorizer';
import { ForwardedCall, Forwarding } from '../gateway/forwarding';
import { StubModel } from '../model';
import { Clock } from '../ports';

/** What `GET /_sandbox/state` shows beside the state of the services. */
export interface ControlState {
  /** ISO 8601 */
  readonly clock: string;
  /** Calls that functions' roles do not allow. */
  readonly denials: readonly Denial[];
  /** The last 1,000 events, messages and notifications that reached no one. */
  readonly lostEvents: readonly LostEvent[];
  /** The last 1,000 calls that left for other emulators (`--forward`). */
  readonly forwarded: readonly ForwardedCall[];
  /** Resources that do nothing (`--unsupported stub`). */
  readonly stubs: readonly StubModel[];
}

export interface StateInput {
  readonly clock: Clock;
  readonly loop: WorkLoop;
  readonly authorizer: Authorizer;
  readonly lost: LostEvents;
  readonly forwarding: Forwarding;
  readonly stubs: readonly StubModel[];
  /** What the services show. */
  readonly states: readonly (() => object | Promise<object>)[];
}

/** The whole state, in an order that depends on what happened only. */
export async function readState({ clock, loop, authorizer, lost, forwarding, stubs, states }: StateInput): Promise<object> {
  return loop.exclusive(async () => {
    // What functions printed last may still be on its way through their pipes.
    for (let turn = 0; turn < 3; turn++) {
      await setImmediate();
    }
    const services: object[] = [];
    for (const state of states) {
      services.push(await state());
    }
    const own: ControlState = {
      clock: new Date(clock.now()).toISOString(), denials: authorizer.denials(), lostEvents: [...lost.list()], forwarded: forwarding.list(), stubs,
    };
    return Object.assign({ clock: own.clock }, ...services, own) as object;
  });
}

