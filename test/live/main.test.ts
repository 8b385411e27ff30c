import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { CHECKS } from './checks';
import { main, MainDeps } from './main';
import { Answers, awsError, Calls, fakeCdk, fakeClients, fakeClock } from './support/fake-aws';

const ACCOUNT = '111122223333';
const folder = mkdtempSync(path.join(tmpdir(), 'live-check-test-'));
const report = path.join(folder, 'report.json');

afterEach(() => rmSync(report, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

/** An account in which every deployment fails, so that checks end at once. */
const EMPTY: Answers = { GetCallerIdentity: { Account: ACCOUNT }, DescribeStacks: { Stacks: [{ StackId: 'an id' }] }, ListStackResources: {} };
const FAILING = ['example', 'second', 'failing', 'over-tables', 'arrival', 'hops'].map((stack) => `deploy mp-live-check-${stack}`);

async function run(argv: readonly string[], { answers = EMPTY, ...deps }: Partial<MainDeps> & { readonly answers?: Answers } = {}) {
  const calls: Calls = [];
  const printed: string[] = [];
  const errors: string[] = [];
  const code = await main([...argv, '--report', report], {
    env: {},
    clientsOf: () => fakeClients(calls, answers),
    cdk: () => fakeCdk(calls, FAILING),
    request: () => Promise.reject(new Error('no request is expected')),
    clock: () => fakeClock(),
    interrupted: new AbortController().signal,
    print: (line) => printed.push(line),
    printError: (line) => errors.push(line),
    ...deps,
  });
  return { code, calls, printed: printed.join('\n'), errors: errors.join('\n') };
}

test('without an account nothing is called, and one message says what is missing', async () => {
  expect(await run([])).toMatchObject({ code: 2, calls: [], printed: '', errors: expect.stringContaining('needs your consent: --account <12 digits>') });
});

test('in CI nothing is called', async () => {
  const { code, calls, errors } = await run(['--account', ACCOUNT], { env: { CI: 'true' } });
  expect({ code, calls, errors }).toEqual({ code: 2, calls: [], errors: expect.stringContaining('never runs in CI') });
});

test.each([
  ['credentials of another account', { Account: '999988887777' }, 'the credentials are those of account 999988887777, and --account names 111122223333'],
  ['no credentials', awsError('CredentialsProviderError', 'Could not load credentials'), 'AWS does not say whose credentials these are'],
])('with %s nothing but the account is asked for', async (_, GetCallerIdentity, message) => {
  const { code, calls, errors } = await run(['--account', ACCOUNT], { answers: { GetCallerIdentity } });
  expect({ code, calls, errors }).toEqual({ code: 2, calls: ['us-east-1 GetCallerIdentity'], errors: expect.stringContaining(message) });
});

test('says what it creates, costs and removes before it deploys, and removes it all at the end', async () => {
  const { code, calls, printed } = await run(['--account', ACCOUNT]);
  expect(printed).toMatch(/^Live check in account 111122223333, us-east-1 and eu-west-1\.\nCreates the stacks mp-live-check-example, /);
  expect(printed).toContain('costs about 1 USD');
  expect(printed).toContain('Removes all of it at the end');
  const deployed = calls.filter((call) => call.startsWith('cdk deploy')).map((call) => call.split(' ')[2]);
  expect(calls.filter((call) => call.startsWith('cdk destroy'))).toEqual([...deployed].reverse().map((stack) => `cdk destroy ${stack}`));
  expect(code).toBe(1);
});

test('the report names each check once, with what was seen or why it was not tried', async () => {
  await run(['--account', ACCOUNT]);
  const { results } = JSON.parse(readFileSync(report, 'utf8'));
  expect(results.map(({ check }: { check: { id: string } }) => check.id)).toEqual(CHECKS.map(({ id }) => id));
  expect(results[0]).toMatchObject({ verdict: 'OTHERWISE', saw: 'the deployment failed: deploy failed' });
  expect(results[1]).toMatchObject({ verdict: 'NOT_TRIED', saw: 'needs the example, which is not deployed' });
});

test('after Ctrl-C no further check runs, and what was deployed is removed', async () => {
  const interruption = new AbortController();
  const calls: Calls = [];
  const cdk = fakeCdk(calls);
  const { code } = await run(['--account', ACCOUNT], {
    interrupted: interruption.signal,
    cdk: () => ({
      ...cdk,
      deploy: (stack) => {
        interruption.abort();
        return cdk.deploy(stack);
      },
    }),
  });
  expect(calls).toEqual(['cdk deploy mp-live-check-example', 'cdk destroy mp-live-check-example']);
  expect(JSON.parse(readFileSync(report, 'utf8')).results[1]).toMatchObject({ verdict: 'NOT_TRIED', saw: 'the run was interrupted' });
  expect(code).toBe(0);
});

test('--keep removes nothing, and the report says so', async () => {
  const { code, calls, printed } = await run(['--account', ACCOUNT, '--keep']);
  expect(calls.filter((call) => call.startsWith('cdk destroy'))).toEqual([]);
  expect(printed).toContain('Removes NOTHING, because of --keep');
  expect(printed).toContain('STILL THERE:\neverything, because of --keep: run it again with --remove');
  expect(code).toBe(1);
});

test('--remove asks for consent too, removes what is there, and writes no report', async () => {
  const answers = { ...EMPTY, DescribeTable: awsError('ResourceNotFoundException') };
  const { code, calls } = await run(['--account', ACCOUNT, '--remove'], { answers });
  expect(calls[0]).toBe('us-east-1 GetCallerIdentity');
  expect(calls.filter((call) => call.startsWith('cdk')).length).toBe(6);
  expect(code).toBe(0);
  expect(existsSync(report)).toBe(false);
});
