import { valueAt } from './json-path';
import type { RuleTarget } from './model';
import type { EventBridgeEvent } from '../../ports';

/** For templates that speak of their rule (`<aws.events.rule-arn>`). */
export interface RuleNames {
  readonly arn: string;
  readonly name: string;
}

const SCHEDULE = /^arn:[^:]+:scheduler:/;

/**
 * What a rule's target gets of an event: all of it, a part, a constant, or a text made from a template. `attempt` counts
 * from 1: schedules may speak of it.
 */
export function renderInput(
  target: Pick<RuleTarget, 'input' | 'inputPath' | 'inputTransformer'>, event: EventBridgeEvent, rule?: RuleNames, attempt = 1,
): string {
  if (rule && SCHEDULE.test(rule.arn)) {
    return scheduleInput(target.input, event, rule.arn, attempt);
  }
  if (target.input !== undefined) {
    return target.input;
  }
  if (target.inputTransformer !== undefined) {
    const { pathsMap, template } = target.inputTransformer;
    return fill(template, (name) => Object.hasOwn(pathsMap, name) ? valueAt(event, pathsMap[name] ?? '') : predefined(name, event, rule));
  }
  return JSON.stringify(valueAt(event, target.inputPath ?? '$') ?? null);
}

/** EventBridge Scheduler fills its context attributes in wherever they stand; without an input it says what it is. */
function scheduleInput(input: string | undefined, event: EventBridgeEvent, arn: string, attempt: number): string {
  if (input === undefined) {
    return JSON.stringify({ ...event, source: 'aws.scheduler', resources: [arn], detail: '{}' });
  }
  const values: Readonly<Record<string, string>> = {
    'schedule-arn': arn,
    'scheduled-time': event.time,
    'execution-id': event.id,
    'attempt-number': String(attempt),
  };
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (token, name: string) => values[name] ?? token);
}

function predefined(name: string, event: EventBridgeEvent, rule?: RuleNames): unknown {
  switch (name) {
    case 'aws.events.rule-arn': return rule?.arn;
    case 'aws.events.rule-name': return rule?.name;
    case 'aws.events.event.ingestion-time': return event.time;
    case 'aws.events.event.json': return event;
    case 'aws.events.event': {
      const { detail, ...envelope } = event;
      return envelope;
    }
    default: return undefined;
  }
}

const TOKEN = /\\.|"|<([\w.-]+)>/g;

/** Inside quotes a value becomes part of the text, outside it becomes JSON; what is missing is empty, or null. */
function fill(template: string, valueOf: (name: string) => unknown): string {
  let quoted = false;
  return template.replace(TOKEN, (token, name?: string) => {
    if (token === '"') {
      quoted = !quoted;
    }
    if (name === undefined) {
      return token;
    }
    const value = valueOf(name);
    if (!quoted) {
      return JSON.stringify(value ?? null);
    }
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
    return value === undefined ? '' : JSON.stringify(text).slice(1, -1);
  });
}
