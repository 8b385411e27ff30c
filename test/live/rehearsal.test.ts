import { SandboxClient, startSandbox } from 'cdk-marketplace-saas-sandbox';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createClients } from './aws/clients';
import { request } from './aws/http';
import { Clock } from './context';
import { main } from './main';
import { removeAssemblies, synthesizeExample } from '../support/e2e/assemblies';

let sandbox: SandboxClient;
const folder = mkdtempSync(path.join(tmpdir(), 'live-check-rehearsal-'));
const outputs = path.join(folder, 'outputs.json');
const report = path.join(folder, 'report.json');

beforeAll(async () => {
  sandbox = await startSandbox({ app: synthesizeExample(), stacks: ['SaasProduct'], time: '2026-11-23T09:00:00Z' });
  writeFileSync(outputs, JSON.stringify({ SaasProduct: sandbox.outputs }));
}, 120_000);

afterAll(async () => {
  const code = await sandbox?.stop();
  rmSync(folder, { recursive: true });
  removeAssemblies();
  expect(code).toBe(0);
}, 60_000);

/** Waiting moves the sandbox's clock. */
function virtualClock(): Clock {
  let now = Date.parse('2026-11-23T09:00:00Z');
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
      await sandbox.advance(`PT${Math.ceil(ms / 1000)}S`);
    },
  };
}

async function rehearse(file: string): Promise<{ readonly code: number; readonly printed: readonly string[] }> {
  const printed: string[] = [];
  const code = await main(['--endpoint', sandbox.endpoint, '--outputs', file, '--report', report], {
    env: { CI: 'true' },
    clientsOf: createClients,
    cdk: () => {
      throw new Error('a rehearsal deploys nothing');
    },
    request,
    clock: virtualClock,
    interrupted: new AbortController().signal,
    print: (line) => printed.push(line),
    printError: (line) => printed.push(line),
  });
  return { code, printed };
}

test('checks that need no CloudFormation pass against a sandbox with the example, and the others say why they were not tried', async () => {
  const { code } = await rehearse(outputs);
  const { results, facts, settings } = JSON.parse(readFileSync(report, 'utf8'));
  const seen = results.map(({ check, verdict, saw }: { check: { id: string }; verdict: string; saw: string }) => [check.id, verdict, saw]);
  expect(seen.filter(([, verdict]: string[]) => verdict !== 'NOT_TRIED')).toEqual([
    ['example-answers', 'AS_EXPECTED', 'the page answered 200, and the usage record was stored'],
    ['error-page-without-accept', 'AS_EXPECTED', '413, text/html; charset=utf-8, the page'],
    ['redrive', 'AS_EXPECTED', 'without a destination: FAILED (CouldNotDetermineMessageSource); with one: COMPLETED; the usage record was stored'],
    ['restore-tables', 'AS_EXPECTED', `restored in 0 minutes: ${['subscriptions has 3', 'registrations has 3', 'usage has 4']
      .map((table) => `mp-live-check-restored-${table} indexes and lacks point-in-time recovery, time to live, deletion protection`).join('; ')}`],
  ]);
  expect(new Set(seen.filter(([, verdict]: string[]) => verdict === 'NOT_TRIED').map(([, , saw]: string[]) => saw))).toEqual(new Set([
    'needs CloudFormation: a rehearsal has none', 'needs CloudWatch alarms: a rehearsal has none', 'needs --opt-in-region',
    'needs two regions: a rehearsal has none', 'needs TLS: a rehearsal has none',
  ]));
  expect({ code, facts, settings }).toEqual({ code: 0, facts: [], settings: {} });
}, 120_000);

test('a file without the outputs that checks use is refused', async () => {
  const file = path.join(folder, 'other.json');
  writeFileSync(file, JSON.stringify({ ProductApiUrl: 'http://127.0.0.1' }));
  expect(await rehearse(file)).toEqual({ code: 2, printed: [expect.stringContaining('has no FulfillmentUrl, UsageQueueUrl, UsageTableName')] });
});
