import { EventBus } from './event-bus';
import type { RuleModel } from './model';
import { nextOccurrence } from './schedule-expression';
import { Activity } from '../../clock/activity';
import { isoSeconds } from '../../clock/duration';
import { IdSequence } from '../../ids';
import { Timers, EventBridgeEvent, Clock } from '../../ports';

export interface ScheduleInput {
  readonly rules: readonly RuleModel[];
  readonly timers: Timers;
  readonly clock: Clock;
  readonly ids: IdSequence;
  readonly bus: EventBus;
  readonly activity: Activity;
}

/** Plans every enabled schedule; each occurrence plans the next. */
export function planSchedules({ rules, timers, clock, ids, bus, activity }: ScheduleInput): void {
  const start = clock.now();
  const plan = (rule: RuleModel, expression: string, after: number): void => {
    const next = nextOccurrence(expression, after, start, rule.timezone);
    if (next === undefined) {
      return;
    }
    timers.at(next, `schedule ${rule.name}`, () => {
      plan(rule, expression, next);
      if (!activity.leavesOut(rule.arn, rule.targets.map(({ arn }) => arn), next)) {
        bus.fire(rule, scheduledEvent(rule, ids.next('event'), clock.now()));
      }
    }, true);
  };
  for (const rule of rules) {
    if (rule.enabled && rule.schedule) {
      plan(rule, rule.schedule, start);
    }
  }
}

function scheduledEvent(rule: RuleModel, id: string, now: number): EventBridgeEvent {
  return {
    'version': '0',
    id,
    'detail-type': 'Scheduled Event',
    'source': 'aws.events',
    'account': rule.account,
    'time': isoSeconds(now),
    'region': rule.region,
    'resources': [rule.arn],
    'detail': {},
  };
}
