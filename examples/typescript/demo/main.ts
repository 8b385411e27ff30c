import { SandboxState, startSandbox } from 'cdk-marketplace-saas-sandbox';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { Balance, balance } from './ledger';
import { list, playScenarios, scenariosOf } from './play-scenarios';
import { play } from './story';
import { synthesizeExample } from './synthesize';
import { Timeline } from './timeline';
import { World } from './world';

const START = '2026-11-29T08:00:00Z';

async function main(json: boolean): Promise<number> {
  const started = performance.now();
  const assembly = mkdtempSync(path.join(tmpdir(), 'marketplace-demo-'));
  const timeline = new Timeline(json);
  try {
    timeline.heading('Synthesizing examples/typescript …');
    synthesizeExample(assembly);
    const sandbox = await startSandbox({ app: assembly, stacks: ['SaasProduct'], time: START });
    timeline.heading(`The sandbox runs the synthesized template at ${sandbox.endpoint}`);
    const world = new World(sandbox);
    let rows: Balance[] = [];
    let state: SandboxState;
    try {
      await play(world, timeline);
      rows = await balance(world);
      state = await sandbox.state();
    } catch (error) {
      // What the functions printed last says more than the story that stumbled over it.
      console.error(JSON.stringify(await sandbox.logs(), null, 2));
      throw error;
    } finally {
      const code = await sandbox.stop();
      if (code !== 0) process.exitCode = 1;
    }
    const deadLetters = Object.values(state.deadLetters).reduce((sum, count) => sum + count, 0);
    const balances = rows.length > 0 && rows.every((row) => row.balances) && deadLetters === 0 && state.denials.length === 0;
    const seconds = Math.round((performance.now() - started) / 1000);
    if (json) {
      const { meteringCalls, deadLetters: queues, denials } = state;
      console.log(JSON.stringify({ balances, rows, meteringCalls, deadLetters: queues, denials, timeline: timeline.entries }, null, 2));
    } else {
      timeline.heading('What was reported, and what became of it');
      console.table(Object.fromEntries(rows.map(({ license, dimension, reasons, faults: _, balances: ok, ...amounts }) => [
        `${license.slice(0, 10)}… ${dimension}`, { ...amounts, 'why rejected': reasons.join(', '), 'balances': ok ? 'yes' : 'NO' },
      ])));
      for (const { license, dimension, faults } of rows) for (const fault of faults) console.log(`${license} ${dimension}: ${fault}`);
      const calls = state.meteringCalls;
      console.log(`BatchMeterUsage: ${calls.total} calls, ${calls.throttled} throttled, ${calls.failed} failed; `
        + `${state.events.length} domain events; ${deadLetters} dead letters; ${state.denials.length} denied calls.`);
      console.log(balances ? `It balances: every unit is accounted for. (${seconds} s)` : 'IT DOES NOT BALANCE.');
    }
    return balances ? 0 : 1;
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}

/** Named scenarios, each in a sandbox of its own. */
async function scenarios(names: readonly string[], json: boolean): Promise<number> {
  const chosen = scenariosOf(names);
  const folder = mkdtempSync(path.join(tmpdir(), 'marketplace-scenarios-'));
  const timeline = new Timeline(json);
  try {
    const failed = await playScenarios(chosen, folder, timeline);
    if (json) console.log(JSON.stringify({ failed, timeline: timeline.entries }, null, 2));
    if (failed.length > 0) console.error(`NOT AS THEY SAY: ${failed.join(', ')}`);
    return failed.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, list: { type: 'boolean' }, scenario: { type: 'string', multiple: true } },
  });
  if (values.list) {
    console.log(list());
    return 0;
  }
  return values.scenario ? scenarios(values.scenario, values.json) : main(values.json);
}

run().then(
  (code) => { process.exitCode ||= code; },
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error);
    process.exitCode = 1;
  },
);
