import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { readSettings } from '../../../../lambda/adapters/aws/settings';

let folder: string;
const environment = () => ({ LAMBDA_TASK_ROOT: folder });
const write = (content: string) => writeFileSync(path.join(folder, 'settings.json'), content);

beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'settings-')); });
afterEach(() => rmSync(folder, { recursive: true }));

test('a handler reads the settings that it names from the file beside its code', () => {
  const dimensions = [{ name: 'ApiCalls', kind: 'METERED', metrics: [{ name: 'calls', unitsPerQuantity: '0.001' }] }];
  write(JSON.stringify({ dimensions, registration: { signUpUrl: 'not a url' } }));
  expect(readSettings(environment(), 'dimensions')).toEqual({ dimensions });
});

test.each([
  ['{"dimensions":[{"name":"A","kind":"METERED"},{"kind":"METERED"}]}', 'settings.json: dimensions[1].name: '],
  ['{"dimensions":[{"name":"A","kind":"FREE"}]}', 'settings.json: dimensions[0].kind: '],
  ['{"dimensions":[{"name":"A","kind":"METERED","metrics":[{"name":"m","unitsPerQuantity":"-1"}]}]}', 'settings.json: dimensions[0].metrics[0].unitsPerQuantity: '],
  ['{}', 'settings.json: dimensions: '],
  ['{', 'settings.json: '],
])('the error about %s names the field that is wrong', (content, named) => {
  write(content);
  expect(() => readSettings(environment(), 'dimensions')).toThrow(named);
});

test('the error about a URL that is none names its field', () => {
  write('{"registration":{"signUpUrl":"not a url"}}');
  expect(() => readSettings(environment(), 'registration')).toThrow('settings.json: registration.signUpUrl: ');
});

test('a missing file is an error with its place and the remedy', () => {
  expect(() => readSettings(environment(), 'dimensions')).toThrow(/cannot be read from .*settings\.json: .*Deploy the stack again\./);
});
