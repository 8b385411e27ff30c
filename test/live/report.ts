import { FOR_A_PERSON } from './checks';
import { Result, Setting } from './observation';

export interface Report {
  /** ISO 8601. */
  readonly at: string;
  readonly place: string;
  readonly results: readonly Result[];
  /** Switches of the sandbox that behave as AWS did: the body of `POST /_sandbox/settings`. */
  readonly settings: Readonly<Record<string, Setting['value']>>;
  /** Lines for docs/marketplace-facts.md. */
  readonly facts: readonly string[];
  readonly forAPerson: typeof FOR_A_PERSON;
  /** What is still in the account; empty when all was removed. */
  readonly left: readonly string[];
}

export interface ReportInput {
  readonly at: string;
  readonly place: string;
  readonly results: readonly Result[];
  /** A sandbox was asked, so nothing of it is a fact about AWS. */
  readonly rehearsal: boolean;
  readonly left: readonly string[];
}

export function createReport({ at, place, results, rehearsal, left }: ReportInput): Report {
  const seen = rehearsal ? [] : results;
  return {
    at,
    place,
    results,
    settings: Object.fromEntries(seen.flatMap(({ setting }) => (setting ? [[setting.name, setting.value]] : []))),
    facts: seen.flatMap(({ fact, check: { source } }) => (fact ? [`- ${fact} **W** (${place}, ${at.slice(0, 10)}; for ${source})`] : [])),
    forAPerson: FOR_A_PERSON,
    left,
  };
}

/** The report for a person. */
export function printed({ place, at, results, settings, facts, forAPerson, left }: Report): string {
  const width = Math.max(...results.map(({ check }) => check.id.length));
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', title, ...lines] : []);
  return [
    `Live check, ${place}, ${at}`,
    ...results.map(({ check, verdict, saw }) => `${check.id.padEnd(width)}  ${verdict.padEnd('AS_EXPECTED'.length)}  ${saw}`),
    ...section('Settings of the sandbox:', Object.entries(settings).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`)),
    ...section('Lines for docs/marketplace-facts.md:', facts),
    ...section('For a person:', forAPerson.map(({ question, source }) => `[ ] ${question} (${source})`)),
    ...section('STILL THERE:', left),
  ].join('\n');
}

/** 0: all that was tried is as expected, and nothing is left. */
export function exitCode({ results, left }: Report): number {
  return results.some(({ verdict }) => verdict === 'OTHERWISE') || left.length > 0 ? 1 : 0;
}
