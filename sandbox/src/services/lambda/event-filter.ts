import { compilePattern } from '../eventbridge/pattern';

/** A pattern of an event source mapping, as the template has it: JSON text. */
export type FilterPattern = Readonly<Record<string, unknown>>;

export type RecordFilter = (record: Readonly<Record<string, unknown>>) => boolean;

/**
 * Whether a function gets a record: one of the patterns matches, or there is none. Where a pattern speaks of fields of a message's body, the body
 * must be JSON.
 *
 * @throws PatternError when Lambda would not take a pattern
 */
export function compileFilters(patterns: readonly FilterPattern[]): RecordFilter {
  const matchers = patterns.map((pattern): RecordFilter => {
    if (Object.keys(pattern).length === 0) {
      return () => true;
    }
    const matches = compilePattern(pattern);
    const readsBody = typeof pattern.body === 'object' && !Array.isArray(pattern.body);
    return (record) => matches((readsBody ? { ...record, body: parsed(record.body) } : record) as never);
  });
  return (record) => matchers.length === 0 || matchers.some((matches) => matches(record));
}

function parsed(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}
