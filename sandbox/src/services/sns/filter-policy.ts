import type { EventBridgeEvent, MessageAttribute } from '../../ports';
import { compilePattern, PatternError } from '../eventbridge/pattern';

export interface Filtered {
  readonly message: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
}

export type NotificationFilter = (notification: Filtered) => boolean;

export const FILTER_SCOPES = ['MessageAttributes', 'MessageBody'] as const;
export type FilterScope = (typeof FILTER_SCOPES)[number];

type Policy = Readonly<Record<string, unknown>>;

/**
 * Which notifications a subscription gets. SNS's matchers are EventBridge's.
 *
 * @throws PatternError when SNS would not take the policy.
 */
export function compileFilterPolicy(policy: Policy, scope: FilterScope): NotificationFilter {
  if (Object.keys(policy).length === 0) {
    return () => true;
  }
  if (scope === 'MessageAttributes') {
    refuseNested(policy);
  }
  const matches = compilePattern(policy) as (value: Partial<EventBridgeEvent>) => boolean;
  return scope === 'MessageAttributes'
    ? ({ attributes = {} }) => matches(valuesOf(attributes))
    : ({ message }) => {
      const body = parse(message);
      return isRecord(body) && matches(body);
    };
}

/** Attributes are flat. */
function refuseNested(policy: Policy): void {
  for (const [key, conditions] of Object.entries(policy)) {
    if (key === '$or') {
      (Array.isArray(conditions) ? conditions : []).filter(isRecord).forEach(refuseNested);
    } else if (!Array.isArray(conditions)) {
      throw new PatternError(`${key}: a list of conditions is needed, as message attributes have no parts; to filter by the body, set FilterPolicyScope to MessageBody`);
    }
  }
}

/** Binary attributes match nothing. */
function valuesOf(attributes: Readonly<Record<string, MessageAttribute>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { DataType, StringValue }]) => [name, valueOf(DataType, StringValue)]));
}

function valueOf(type: string, value: string | undefined): unknown {
  if (value === undefined) {
    return undefined;
  }
  if (type === 'String.Array') {
    return parse(value);
  }
  return type === 'Number' || type.startsWith('Number.') ? Number(value) : value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
