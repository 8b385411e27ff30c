import { startSandbox } from 'cdk-marketplace-saas-sandbox';
import * as path from 'node:path';
import { balance } from './ledger';
import { Scenario, Story } from './scenario';
import { SCENARIOS } from './scenarios';
import { synthesizeProducts } from './synthesize';
import { Timeline } from './timeline';
import { World } from './world';

/** A Monday in the middle of a month. */
const START = '2026-11-16T08:00:00Z';

/** The names and what each is about, one a line. */
export function list(): string {
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
  return SCENARIOS.map(({ name, title }) => `${name.padEnd(width)}  ${title}`).join('\n');
}

/** @throws Error that lists the names when one is not known */
export function scenariosOf(names: readonly string[]): readonly Scenario[] {
  return names.map((name) => {
    const found = SCENARIOS.find((scenario) => scenario.name === name);
    if (!found) throw new Error(`no scenario is called "${name}"; there are:\n${list()}`);
    return found;
  });
}

/** Plays each in a new sandbox. Returns the names of those that did not end as they say, after printing why. */
export async function playScenarios(scenarios: readonly Scenario[], folder: string, timeline: Timeline): Promise<string[]> {
  timeline.heading('Synthesizing the apps …');
  synthesizeProducts(folder, [...new Set(scenarios.map(({ product }) => product))]);
  const failed: string[] = [];
  for (const scenario of scenarios) {
    timeline.heading(`${scenario.name}: ${scenario.title}`);
    const sandbox = await startSandbox({ app: path.join(folder, scenario.product), time: START });
    const story = new Story(new World(sandbox), timeline);
    try {
      await scenario.play(story);
      await checkEnd(story);
      timeline.heading('It ends as it says.');
    } catch (error) {
      failed.push(scenario.name);
      console.error(error instanceof Error ? error.message : error);
    }
    if (await sandbox.stop() !== 0 && !failed.includes(scenario.name)) failed.push(scenario.name);
  }
  return failed;
}

/** What holds at the end of every scenario: no message in a dead-letter queue, no call denied, every unit of usage accounted for. */
export async function checkEnd({ world, check }: Story): Promise<void> {
  const { deadLetters, denials, findings } = await world.sandbox.state();
  await check('dead letters', Object.entries(deadLetters).filter(([, count]) => count > 0), []);
  await check('denied calls', denials, []);
  await check('what AWS Marketplace would call double billing', findings.map(({ code }) => code), []);
  // What the buyer of a legacy product used is metered by customer identifier: there is no license to compare by.
  if (world.reported.some(({ license }) => !license.startsWith('legacy-'))) {
    const rows = await balance(world);
    await check('usage that is not accounted for', rows.filter(({ balances }) => !balances), []);
  }
}
