import { EventBus } from './event-bus';
import { nextOccurrence } from './events-index';
import { IdSequence } from '../../ids';
import { RuleModel } from '../../model';
import { Agenda, BridgeEvent, VirtualClock } from '../../ports';

export interface ScheduleInput {
  readonly rules: readonly RuleModel[];
  readonly agenda: Agenda;
  readonly clock: VirtualClock;
  readonly ids: IdSequence;
  readonly bus: EventBus;
}

/** Puts every enabled schedule onto the agenda; each occurrence plans the next. */
export function planSchedules({ rules, agenda, clock, ids, bus }: ScheduleInput): void {
  const start = clock.now();
  const plan = (rule: RuleModel, expression: string, after: number): void => {
    const next = nextOccurrence(expression, after, start);
    if (next === undefined) {
      return;
    }
    agenda.at(next, `schedule ${rule.name}`, () => {
      plan(rule, expression, next);
      bus.fire(rule, scheduledEvent(rule, ids.next('event'), clock.now()));
    });
  };
  for (const rule of rules) {
    if (rule.enabled && rule.schedule) {
      plan(rule, rule.schedule, start);
    }
  }
}

function scheduledEvent(rule: RuleModel, id: string, now: number): BridgeEvent {
  return {
    'version': '0',
    id,
    'detail-type': 'Scheduled Event',
    'source': 'aws.events',
    'account': rule.account,
    'time': secondsInstant(now),
    'region': rule.region,
    'resources': [rule.arn],
    'detail': {},
  };
}

/** ISO 8601 with seconds, as EventBridge writes `time`. */
export function secondsInstant(millis: number): string {
  return `${new Date(Math.floor(millis / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
