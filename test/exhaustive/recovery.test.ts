import { startSandbox, type SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { AgreementEventSource, ExistingTables, MarketplaceSaasIntegration, MarketplaceSellerAccount, SellerAccess } from '../../src';
import { Page } from '../docs/page';
import { integrate, removeAssemblies, synthesizeApp } from '../support/e2e/assemblies';
import { Product } from '../support/e2e/product';
import { productIdOf } from '../support/e2e/product-id';
import { Operator } from '../support/operator/operator';

/*
 * Each procedure of docs/recovery.md, from the commands on the page, in a shell. The sandbox has what is before and after as stacks of one
 * app; the AWS CLI and the AWS CDK are played by `Operator`.
 */

// The page says that its commands need both.
const runs = ['bash', 'curl', 'jq'].every((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0) ? test : test.skip;

jest.setTimeout(180_000);

const ACCOUNT = '111111111111';
/** To which an integration is moved; the products are sold by the other one. */
const OTHER_ACCOUNT = '333333333333';
/** An hour of the day that the page restores to. */
const TIME = '2026-11-28T06:00:00Z';
const page = new Page('docs/recovery.md');
const runbook = new Page('docs/runbook.md');
const NEW_STACKS = ['Restored', 'Recreated', 'Renamed', 'MovedToRegion', 'MovedToAccount'];

function tablesNamed(stack: Stack, names: { readonly [Table in keyof ExistingTables]?: string }, others?: ExistingTables): ExistingTables {
  const found = Object.entries(names).map(([table, name]) => [table, TableV2.fromTableName(stack, table, name)]);
  return { ...others, ...Object.fromEntries(found) } as ExistingTables;
}

/** CloudFormation would update the queues of a stack in place: a new version of the stack has the same ones. */
function keepQueues(before: MarketplaceSaasIntegration, after: MarketplaceSaasIntegration): void {
  for (const queue of after.node.findAll().filter((node) => node instanceof CfnQueue)) {
    const former = before.node.findAll().find(({ node }) => node.path.split('/').slice(1).join('/') === queue.node.path.split('/').slice(1).join('/'));
    queue.queueName = (former as CfnQueue).attrQueueName;
  }
}

function app(): string {
  return synthesizeApp((scope: App) => {
    const stack = (id: string, region = 'us-east-1') => new Stack(scope, id, { env: { account: ACCOUNT, region } });
    const old = integrate(stack('SaasProduct'));
    const { subscriptionsTable, registrationsTable, usageTable } = old;
    const oldTables: ExistingTables = { subscriptionsTable, registrationsTable, usageTable };
    const restored = stack('Restored');
    keepQueues(old, integrate(restored, { existingTables: tablesNamed(restored, { usageTable: 'acme-usage-restored' }, oldTables) }));
    for (const id of ['Recreated', 'Renamed']) {
      integrate(stack(id), { existingTables: oldTables });
    }
    new Bucket(stack('Exports'), 'Bucket', { bucketName: 'acme-move' });
    const moved = (id: string, account: string, region: string) => {
      const to = new Stack(scope, id, { env: { account, region } });
      const bus = new EventBus(to, 'AgreementEvents', { eventBusName: 'acme-agreement-events' });
      integrate(to, {
        agreementEvents: AgreementEventSource.eventBus(bus),
        existingTables: tablesNamed(to, { subscriptionsTable: 'acme-subscriptions', registrationsTable: 'acme-registrations', usageTable: 'acme-usage' }),
        ...account !== ACCOUNT && { sellerAccess: SellerAccess.assumeRole(`arn:aws:iam::${ACCOUNT}:role/acme-seller`, { externalId: 'acme' }) },
      });
      new MarketplaceSellerAccount(stack(`For${id}`), 'Seller', {
        workloadAccount: account,
        externalId: 'acme',
        roleName: account === ACCOUNT ? undefined : 'acme-seller',
        workloadEventBusArn: `arn:aws:events:${region}:${account}:event-bus/acme-agreement-events`,
      });
    };
    moved('MovedToRegion', ACCOUNT, 'eu-west-1');
    moved('MovedToAccount', OTHER_ACCOUNT, 'us-east-1');
  });
}

let assembly: string;
let sandbox: SandboxClient;
let operator: Operator;
let folder: string;
let before: Product;

beforeAll(async () => {
  assembly = app();
  sandbox = await startSandbox({ app: assembly, time: TIME });
}, 120_000);

beforeEach(async () => {
  await sandbox.reset({ keepProcesses: true });
  folder = mkdtempSync(path.join(tmpdir(), 'recovery-'));
  operator = new Operator(sandbox, assembly, folder);
  await operator.start();
  before = new Product(sandbox, 'SaasProduct.');
  for (const stack of NEW_STACKS) {
    await operator.undeploy(stack);
  }
  await operator.run(runbook.fencesBelow('## Before you start', 'sh').join('\n'));
  await operator.run(page.fencesBelow('## Stop and start an integration', 'sh').join('\n'));
}, 60_000);

afterEach(async () => {
  operator.stop();
  rmSync(folder, { recursive: true });
  expect(operator.failures).toEqual([]);
  const { denials, findings } = await sandbox.state();
  expect({ denials, findings: findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code) }).toEqual({ denials: [], findings: [] });
});

afterAll(async () => {
  const code = await sandbox?.stop();
  removeAssemblies();
  expect(code).toBe(0);
}, 60_000);

const commands = (heading: string) => page.fencesBelow(heading, 'sh');

async function run(block: string | undefined): Promise<string> {
  if (block === undefined) throw new Error('the page has no such block of commands');
  return operator.run(block);
}

const usage = (id: string, license: string, quantity: number, time: string) => ({ id, license, dimension: 'ApiCalls', quantity, time });

async function statuses(product: Product): Promise<Record<string, unknown>> {
  const items = await product.items('SubscriptionsTableName');
  return Object.fromEntries(items.filter(({ type }) => type === 'Subscription').map(({ licenseId, status }) => [licenseId, status]));
}

/** Messages in the queues of the old stack, which a page says how to bring to the new one. */
async function moveMessages(block: string): Promise<void> {
  for (const [old, to] of [['OLD_USAGE', 'USAGE_QUEUE'], ['OLD_USAGE_DEAD', 'USAGE_QUEUE'], ['OLD_AGREEMENTS', 'AGREEMENTS_QUEUE']]) {
    await operator.run(`OLD=$${old}; NEW=$${to}`);
    await run(block);
  }
}

const noteOldQueues = () => operator.run('OLD_USAGE=$USAGE_QUEUE; OLD_USAGE_DEAD=$USAGE_DEAD; OLD_AGREEMENTS=$AGREEMENTS_QUEUE');
const beforeYouStart = (stack: string) => operator.run(runbook.fencesBelow('## Before you start', 'sh')[0].replace(/^STACK=\w+/, `STACK=${stack}`));

async function rebuild(agreementId: string): Promise<Record<string, unknown>> {
  const [, forGood] = commands('## Rebuild subscriptions');
  return JSON.parse(await run(forGood.replace('prod-abcdef1234567', await productIdOf(sandbox, agreementId))));
}

runs('a damaged ledger is restored from the commands of the page, and all usage is billed once', async () => {
  const { licenseId } = await before.subscriber();
  await before.send(usage('job-1', licenseId, 4, await before.now()));
  await before.advance('PT2H45M');
  await before.send(usage('job-2', licenseId, 5, await before.now()));
  await sandbox.setClock('2026-11-28T09:00:00Z');
  await sandbox.keepRestorePoint();
  await before.advance('PT6M');
  const late = usage('job-3', licenseId, 2, '2026-11-28T08:59:00Z');
  await before.send(late);
  await before.advance('PT1M');
  await before.empty('UsageTableName');

  const [stop, restore, configure, deploy, start] = commands('## Restore from point-in-time recovery');
  await run(stop);
  const waiting = usage('job-4', licenseId, 1, await before.now());
  await before.send(waiting);
  await run(restore);
  await run(configure);
  operator.willDeploy('SaasProduct', 'Restored', true);
  expect(await run(deploy)).toBe('SaasProduct: deployed');
  await run(start);

  const after = new Product(sandbox, 'Restored.');
  expect(after.output('UsageTableName')).toBe('acme-usage-restored');
  await after.send([late, usage('job-2', licenseId, 5, '2026-11-28T08:47:00Z')]);
  await after.advance('PT2H30M');
  expect(await after.billedTotal(licenseId)).toBe(4 + 5 + 2 + 1);
});

runs('a destroyed stack is created again over its tables from the commands of the page, with what waited and what was sold meanwhile', async () => {
  const { licenseId, agreementId } = await before.subscriber();
  await before.send(usage('job-1', licenseId, 4, await before.now()));
  await before.advance('PT2H');
  await noteOldQueues();
  await operator.destroy('SaasProduct');
  await before.send(usage('job-2', licenseId, 3, await before.now()));
  await sandbox.addFault({ service: 'events', drop: true, times: 2 });
  const meanwhile = await before.subscriber({ customerAwsAccountId: '222233334444' });

  const [find, deploy, move] = commands('## Re-create a destroyed stack');
  const found = await run(find);
  for (const name of ['SubscriptionsTableName', 'RegistrationsTableName', 'UsageTableName', 'UsageQueueUrl']) {
    expect(found).toContain(before.output(name));
  }
  operator.willDeploy('SaasProduct', 'Recreated');
  await run(deploy);
  await beforeYouStart('SaasProduct');
  await moveMessages(move);

  const after = new Product(sandbox, 'Recreated.');
  await after.advance('PT2H');
  expect(await rebuild(agreementId)).toMatchObject({ dryRun: false, read: 2 });
  await after.advance('PT1H30M');
  expect(await statuses(after)).toEqual({ [licenseId]: 'ACTIVE', [meanwhile.licenseId]: 'ACTIVE' });
  expect(await after.billedTotal(licenseId)).toBe(4 + 3);
});

runs('a stack is renamed from the commands of the page, and the new one continues where the old one was stopped', async () => {
  const { licenseId, agreementId } = await before.subscriber();
  await before.send(usage('job-1', licenseId, 4, await before.now()));
  await before.advance('PT40M');
  await noteOldQueues();
  const [stop, deploy, destroy] = commands('## Rename or move a stack');
  await run(stop);
  await before.send(usage('job-2', licenseId, 3, await before.now()));
  await sandbox.agreement(agreementId, 'amend', { autoRenewal: false });
  await operator.run('NEW_STACK=AcmeProduct');
  operator.willDeploy('AcmeProduct', 'Renamed');
  await run(deploy);
  await beforeYouStart('AcmeProduct');
  const [, , move] = commands('## Re-create a destroyed stack');
  await moveMessages(move);
  await operator.run('STACK=SaasProduct');
  expect(await run(destroy)).toBe('SaasProduct: destroyed');

  const after = new Product(sandbox, 'Renamed.');
  await after.send(usage('job-3', licenseId, 2, await after.now()));
  await after.advance('PT2H');
  expect(await after.billedTotal(licenseId)).toBe(4 + 3 + 2);
  expect(await statuses(after)).toEqual({ [licenseId]: 'ACTIVE' });
});

const moves = [
  { place: 'another region', stack: 'MovedToRegion' },
  { place: 'another account', stack: 'MovedToAccount' },
];
runs.each(moves)('an integration is moved to $place from the commands of the page, with its tables, its messages and its events', async ({ stack }) => {
  const { licenseId, agreementId } = await before.subscriber();
  await before.send(usage('job-1', licenseId, 4, await before.now()));
  await before.advance('PT2H');
  await before.send(usage('job-2', licenseId, 3, await before.now()));
  await before.advance('PT6M');
  await noteOldQueues();
  // The function alone: its last line is for the restored table.
  await run(commands('## Restore from point-in-time recovery')[2].replace(/^configure .*\n/m, ''));
  const [stop, exportTable, importTable] = commands('## Move to another account or region');
  await run(stop);
  await before.send(usage('job-3', licenseId, 2, await before.now()));
  for (const table of ['usage', 'subscriptions', 'registrations']) {
    for (const block of [exportTable, importTable]) {
      await run(block.replaceAll('USAGE_TABLE', `${table.toUpperCase()}_TABLE`).replaceAll('acme-usage', `acme-${table}`));
    }
  }
  await operator.deploy(stack, stack);
  await beforeYouStart(stack);
  const [, , move] = commands('## Re-create a destroyed stack');
  await moveMessages(move);

  const after = new Product(sandbox, `${stack}.`);
  expect(await rebuild(agreementId)).toMatchObject({ read: 1, written: 0, unchanged: 1 });
  await after.advance('PT2H');
  expect(await after.billedTotal(licenseId)).toBe(4 + 3 + 2);
  const hours = (await after.items('UsageTableName')).filter(({ sk, state }) => sk === 'META' && state === 'BILLED');
  expect(hours.length).toBeGreaterThanOrEqual(2);
  const next = await after.subscriber({ customerAwsAccountId: '222233334444' });
  expect(await statuses(after)).toMatchObject({ [licenseId]: 'ACTIVE', [next.licenseId]: 'ACTIVE' });
});
