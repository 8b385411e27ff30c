import { ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { assemblyOf, att, fn, handler, mapping, queue, rule } from './app';
import { send } from './clients';
import { temporaryFolder, writeAssembly } from '../template/assemblies';

const CLI = path.join(__dirname, '../../bin/marketplace-sandbox.js');

function run(...args: string[]) {
  return spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
}

test('wrong options are reported, with exit code 2', () => {
  for (const [args, message] of [
    [[], '--app is needed'],
    [['--app', 'x', '--port', 'many'], '--port many: expected a whole number'],
    [['--app', 'x', '--time', 'noon'], '--time noon: expected an ISO 8601 time'],
    [['--app', 'x', '--flow=0'], '--flow=0: expected a factor above 0'],
    [['--app', 'x', '--unsupported', 'ignore'], '--unsupported ignore: expected error or stub'],
    [['--app', 'x', '--parameter', 'Stage'], '--parameter Stage: expected NAME=VALUE'],
    [['--app', 'x', '--colour'], "Unknown option '--colour'"],
  ] as const) {
    const { status, stderr, stdout } = run(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  }
});

test('help names every option of the contract', () => {
  const { status, stdout } = run('--help');
  expect(status).toBe(0);
  for (const option of ['--app', '--stack', '--port', '--time', '--flow', '--parameter', '--ssm', '--secret', '--export', '--product', '--stub', '--unsupported', '--json']) expect(stdout).toContain(option);
});

test('a broken assembly, an unknown resource type and an engine that is not there end it with a clear message', () => {
  const unknown = writeAssembly({ App: { template: { Resources: { Stream: { Type: 'AWS::Kinesis::Stream', Properties: {} } } } } });
  const broken = writeAssembly({ App: { template: { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Nowhere' } } } } } } });
  const badPattern = assemblyOf(rule('Rule', { EventPattern: { source: 'text' } }, { Arn: 'arn:aws:logs:us-east-1:000000000000:log-group:x' }));
  const badSchedule = assemblyOf(rule('Rule', { ScheduleExpression: 'rate(5 fortnights)' }, { Arn: 'arn:aws:logs:us-east-1:000000000000:log-group:x' }));
  for (const [args, message] of [
    [['--app', badPattern], 'resource Rule (AWS::Events::Rule), EventPattern'],
    [['--app', badSchedule], 'resource Rule (AWS::Events::Rule), ScheduleExpression'],
    [['--app', '/nowhere'], 'There is no folder /nowhere'],
    [['--app', unknown], 'AWS::Kinesis::Stream'],
    [['--app', unknown, '--stub', 'AWS::AppSync::*'], 'AWS::Kinesis::Stream'],
    [['--app', broken], 'Nowhere'],
    [['--app', assemblyOf(), '--dynamodb', 'http://127.0.0.1:1'], 'no DynamoDB engine answers at http://127.0.0.1:1/'],
  ] as const) {
    const { status, stderr, stdout } = run(...args);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  }
});

test('a port in use is reported', async () => {
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as net.AddressInfo;
  const { status, stderr } = run('--app', assemblyOf(), '--port', String(port));
  taken.close();
  expect(status).toBe(1);
  expect(stderr).toContain(`port ${port} is in use`);
});

test('unknown resource types can be stubs, and what is dropped on their account is a finding', async () => {
  const app = assemblyOf(
    { Stream: { Type: 'AWS::Kinesis::Stream', Properties: {} } },
    rule('Copy', { EventPattern: { source: ['shop'] } }, { Arn: att('Stream') }),
  );
  const sandbox = await launch('--app', app, '--stub', 'AWS::Kinesis::*');
  expect(await (await fetch(`${sandbox.endpoint}/_sandbox/state`)).json()).toMatchObject({
    stubs: [{ stack: 'App', logicalId: 'Stream', type: 'AWS::Kinesis::Stream' }, { logicalId: 'Copy' }],
    findings: [
      { severity: 'warning', code: 'STUB', message: expect.stringContaining('AWS::Kinesis::Stream Stream') },
      { severity: 'warning', code: 'STUB', message: expect.stringMatching(/^AWS::Events::Rule Copy in stack App .*: events to arn:aws:kinesis:.* \(AWS::Kinesis::Stream Stream\)$/) },
    ],
  });
  sandbox.child.kill();
  await sandbox.exited;
});

test.each([['SIGINT', 0], ['SIGTERM', 0], ['SIGKILL', null]] as const)('no process is left behind after %s', async (signal, code) => {
  const busy = fn('Worker', { code: handler('await new Promise((resolve) => setTimeout(resolve, 60_000));'), timeout: 60 });
  const sandbox = await launch('--app', assemblyOf(queue('Work'), busy, mapping('Work', 'Worker')));
  await send({ endpoint: sandbox.endpoint } as Parameters<typeof send>[0], 'Work', {});
  const family = await until(() => descendants(sandbox.child.pid!), (found) => found.length >= 3);
  sandbox.child.kill(signal);
  expect(await sandbox.exited).toBe(code);
  await until(() => family.filter(isAlive), (left) => left.length === 0);
});

/** What a sandbox has left in the folder, but for the code that it keeps for the next one. */
const scratchIn = (folder: string) => {
  return fs.readdirSync(folder).filter((name) => name.startsWith('marketplace-sandbox-') && !name.startsWith('marketplace-sandbox-code-'));
};

test('ended before it is ready, it says so with its exit code, and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const { child, exited } = begin(folder);
  await until(() => scratchIn(folder), (found) => found.length > 0);
  child.kill('SIGTERM');
  expect([await exited, scratchIn(folder)]).toEqual([1, []]);
});

test('the sandbox continues when its stderr is closed', async () => {
  const folder = temporaryFolder();
  const { child, exited } = begin(folder);
  child.stderr!.destroy();
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  child.kill('SIGTERM');
  expect([await exited, scratchIn(folder)]).toEqual([0, []]);
});

test('the sandbox ends when its stdout is closed before it is ready', async () => {
  const folder = temporaryFolder();
  const { child, exited } = begin(folder);
  child.stdout!.destroy();
  expect([await exited, scratchIn(folder)]).toEqual([1, []]);
});

test('ended before it was ready, it says so', async () => {
  const child = spawn(process.execPath, [CLI, '--app', assemblyOf(), '--attached'], { stdio: ['pipe', 'ignore', 'pipe'] });
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  child.stdin.end();
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
  expect(stderr).toContain('stopped before it was ready');
});

test('attached, it ends with its parent', async () => {
  const sandbox = await launch('--app', assemblyOf(), '--attached');
  sandbox.child.stdin!.end();
  expect(await sandbox.exited).toBe(0);
});

/** npm starts it through a shell that passes no signal on. */
test.each(['SIGTERM', 'SIGKILL'] as const)('started by npx, it ends with npx, also by %s', async (signal) => {
  const folder = temporaryFolder();
  fs.mkdirSync(path.join(folder, 'node_modules/.bin'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{}');
  fs.symlinkSync(CLI, path.join(folder, 'node_modules/.bin/marketplace-sandbox'));
  const npx = spawn('npx', ['--no-install', 'marketplace-sandbox', '--app', assemblyOf()], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(npx);
  await new Promise((resolve) => npx.stdout.once('data', resolve));
  const below = descendants(npx.pid!);
  expect(below.length).toBeGreaterThan(2);
  npx.kill(signal);
  await until(() => below.filter(isAlive), (left) => left.length === 0);
});

const children: ChildProcess[] = [];

afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

function begin(folder: string): { child: ChildProcess; exited: Promise<number | null> } {
  const child = spawn(process.execPath, [CLI, '--app', assemblyOf()], { env: { ...process.env, TMPDIR: folder }, stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  return { child, exited: new Promise((resolve) => child.once('exit', resolve)) };
}

interface Launched { readonly child: ChildProcess; readonly endpoint: string; readonly exited: Promise<number | null> }

async function launch(...args: string[]): Promise<Launched> {
  const child = spawn(process.execPath, [CLI, ...args, '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
  return { child, exited, endpoint: JSON.parse(line).endpoint };
}

function descendants(root: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (pid: number): number[] => table.filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
  return below(root);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until<T>(look: () => T, good: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = look();
    if (good(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
