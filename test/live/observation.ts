import type { LiveContext } from './context';

export type Verdict = 'AS_EXPECTED' | 'OTHERWISE' | 'NOT_TRIED';

/** A switch of the sandbox (docs/sandbox-settings.md), with the value that behaves as AWS did. */
export interface Setting {
  readonly name: string;
  readonly value: string | number | boolean;
}

/** What a check saw. */
export interface Observation {
  readonly verdict: Verdict;
  /** One sentence: what was seen, or why nothing was tried. */
  readonly saw: string;
  readonly setting?: Setting;
  /** One sentence for docs/marketplace-facts.md. */
  readonly fact?: string;
}

/** What a check needs, beside credentials. */
export type Need = 'CLOUDFORMATION' | 'ALARMS' | 'TWO_REGIONS' | 'EXAMPLE' | 'LONG' | 'OPT_IN_REGION';

/** One thing that only AWS can answer. */
export interface Check {
  readonly id: string;
  readonly question: string;
  /** Page and anchor that says what is expected, and why it is not certain. */
  readonly source: string;
  readonly needs: readonly Need[];
  run(context: LiveContext): Promise<Observation>;
}

/** An observation, and the check that made it. */
export interface Result extends Observation {
  readonly check: Pick<Check, 'id' | 'question' | 'source'>;
}

export function asExpected(saw: string, more: Pick<Observation, 'setting' | 'fact'> = {}): Observation {
  return { verdict: 'AS_EXPECTED', saw, ...more };
}

export function otherwise(saw: string, more: Pick<Observation, 'setting' | 'fact'> = {}): Observation {
  return { verdict: 'OTHERWISE', saw, ...more };
}

export function notTried(saw: string): Observation {
  return { verdict: 'NOT_TRIED', saw };
}
