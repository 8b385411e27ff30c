import { startSandbox } from 'cdk-marketplace-saas-sandbox';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Table } from './report';
import { Dimension, MarketplaceSaasIntegration, SaasPricingModel } from '../../src';

const ROOT = path.join(__dirname, '..', '..');
const EXAMPLE = path.join(ROOT, 'examples', 'typescript');

/** The example app: its synthesis, its size, and what it takes to run it. */
export async function example(): Promise<Table[]> {
  const assembly = mkdtempSync(path.join(tmpdir(), 'marketplace-bench-'));
  try {
    const synth = best(3, () => {
      const { status, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', '-r', 'tsconfig-paths/register', path.join(EXAMPLE, 'app.ts')], {
        cwd: EXAMPLE, env: { ...process.env, CDK_OUTDIR: assembly, TS_NODE_PROJECT: path.join(EXAMPLE, 'demo', 'tsconfig.json') }, encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
    });
    const template = JSON.parse(readFileSync(path.join(assembly, 'SaasProduct.template.json'), 'utf8')) as { Resources: object };
    const sandbox = await sandboxFigures(assembly);
    return [
      {
        title: 'The example app',
        columns: ['synth, s', 'resources', 'sandbox start, ms', 'a virtual day without traffic, s', '… thinned to a run a day', 'a virtual year, thinned to a run a day'],
        rows: [[synth.toFixed(1), Object.keys(template.Resources).length, sandbox.start, ...sandbox.moves.map((seconds) => seconds.toFixed(1))]],
      },
      { title: 'Handlers', columns: ['handler', 'bundle, KB', 'cold start in a process, ms'], rows: handlers() },
    ];
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}

const MOVES = [['P1D', {}], ['P1D', { thin: 'P1D' }], ['P365D', { thin: 'P1D' }]] as const;

async function sandboxFigures(assembly: string): Promise<{ start: number; moves: number[] }> {
  const starts: number[] = [];
  const moves: number[] = [];
  for (let i = 0; i < 3; i++) {
    const begun = performance.now();
    const sandbox = await startSandbox({ app: assembly, time: '2026-11-02T08:00:00Z' });
    starts.push(performance.now() - begun);
    for (const [duration, options] of i === 0 ? MOVES : []) {
      const dawn = performance.now();
      await sandbox.advance(duration, options);
      moves.push((performance.now() - dawn) / 1000);
    }
    await sandbox.stop();
  }
  return { start: Math.round(Math.min(...starts)), moves };
}

/** Subscription integrations without a subscription, in which every run of five minutes is made. */
export async function idle(): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const [integrations, duration] of [[1, 'P1D'], [4, 'PT26H']] as const) {
    const folder = mkdtempSync(path.join(tmpdir(), 'marketplace-bench-'));
    try {
      const begun = performance.now();
      const sandbox = await startSandbox({ app: subscriptionProducts(folder, integrations), time: '2026-11-02T08:00:00Z' });
      const start = performance.now() - begun;
      const dawn = performance.now();
      await sandbox.advance(duration);
      const seconds = (performance.now() - dawn) / 1000;
      rows.push([integrations, duration, Math.round(start), (await sandbox.calls()).length, seconds.toFixed(1)]);
      await sandbox.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { title: 'Idle integrations', columns: ['integrations', 'move', 'sandbox start, ms', 'AWS calls', 'seconds'], rows };
}

function subscriptionProducts(outdir: string, count: number): string {
  const app = new App({ outdir });
  for (let i = 0; i < count; i++) {
    new MarketplaceSaasIntegration(new Stack(app, `Product${i}`), 'Marketplace', {
      productCode: `${i}ml54db8vrmjuykaw1psroool`, pricingModel: SaasPricingModel.SUBSCRIPTION, dimensions: [Dimension.metered('ApiCalls')],
    });
  }
  return app.synth().directory;
}

/** The start of Node.js and of the handler's module: everything a cold start does before the first event. */
function handlers(): (string | number)[][] {
  const assets = path.join(ROOT, 'assets');
  const taskRoot = mkdtempSync(path.join(tmpdir(), 'task-root-'));
  writeFileSync(path.join(taskRoot, 'settings.json'), JSON.stringify({ dimensions: [{ name: 'ApiCalls', kind: 'METERED' }], registration: {} }));
  const environment = {
    PRODUCT_CODE: 'benchmark',
    LAMBDA_TASK_ROOT: taskRoot,
    SUBSCRIPTIONS_TABLE: 's',
    REGISTRATIONS_TABLE: 'r',
    USAGE_TABLE: 'u',
    EVENT_BUS_NAME: 'b',
    MARKETPLACE_REGION: 'us-east-1',
    METERING_REGION: 'us-east-1',
    METERING_MODE: 'LIVE',
    MAX_CALLS_PER_SECOND: '10',
    CLOSE_GRACE_SECONDS: '600',
    FINAL_USAGE_GRACE_SECONDS: '600',
    LATE_USAGE_POLICY: 'CARRY_FORWARD',
    REPORT_ZERO_USAGE: 'true',
    INTEGRATION_ID: 'benchmark',
    AWS_REGION: 'us-east-1',
  };
  return readdirSync(assets).sort().map((name) => {
    const bundle = path.join(assets, name, 'index.js');
    const milliseconds = best(5, () => {
      const { status, stderr } = spawnSync(process.execPath, ['-e', `require(${JSON.stringify(bundle)})`], { env: environment, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${name}: ${stderr}`);
    }) * 1000;
    return [name, Math.round(statSync(bundle).size / 1024), Math.round(milliseconds)];
  });
}

/** Seconds of the fastest of `times` runs. */
function best(times: number, work: () => void): number {
  return Math.min(...Array.from({ length: times }, () => {
    const begun = performance.now();
    work();
    return (performance.now() - begun) / 1000;
  }));
}
