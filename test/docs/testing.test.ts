import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Page } from './page';
import { USAGE } from '../../sandbox/src/cli/options';
import { ControlCalls } from '../../sandbox/src/client/control-calls';
import { Settings } from '../../sandbox/src/marketplace/settings/settings';
import { APIS } from '../../sandbox/src/services';
import { removeAssemblies, synthesizeExample } from '../support/e2e/assemblies';

const EXAMPLE = join(__dirname, '../../examples/typescript');
const page = new Page('docs/testing.md');

afterAll(removeAssemblies);

test('the page shows the test of the example', () => {
  expect(page.fences('ts')[0]).toBe(readFileSync(join(EXAMPLE, 'test/product.test.mts'), 'utf8'));
});

test('the tests of the example pass', () => {
  const env = { ...process.env, CDK_OUTDIR: synthesizeExample() };
  const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap'], { cwd: EXAMPLE, env, encoding: 'utf8' });
  const outcome = { status, passed: /^# pass (\d+)/m.exec(stdout)?.[1], failed: /^# fail (\d+)/m.exec(stdout)?.[1] };
  const written = ['product', 'contract'].flatMap((name) => readFileSync(join(EXAMPLE, `test/${name}.test.mts`), 'utf8').match(/^test\(/gm)!);
  expect(outcome).toEqual({ status: 0, passed: String(written.length), failed: '0' });
}, 240_000);

test('the options, requests, services and settings on the page exist in the sandbox', () => {
  const options = [...page.text.matchAll(/`(--[a-z-]+)/g)].map(([, option]) => option).filter((option) => option !== '--endpoint-url');
  expect(options.filter((option) => !USAGE.includes(option))).toEqual([]);
  const settings = new Settings().list().settings.map(({ name }) => name);
  expect([...page.text.matchAll(/"((?:metering|registration|events|renewal)\.\w+)"/g)].map(([, name]) => name).filter((name) => !settings.includes(name))).toEqual([]);
  const services = [...page.text.matchAll(/"?service"?: ['"](\w+)['"]/g)].map(([, service]) => service);
  expect(services.filter((service) => !APIS.some(({ name, faults }) => name === service && faults))).toEqual([]);
  const methods = page.rows('## The client').flatMap(([cell]) => [...cell.matchAll(/`(\w+)\(/g)].map(([, method]) => method));
  expect(methods.length).toBeGreaterThan(10);
  expect(methods.filter((method) => method !== 'stop' && !(method in ControlCalls.prototype))).toEqual([]);
});
