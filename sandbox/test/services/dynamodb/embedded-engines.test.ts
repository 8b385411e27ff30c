import { embeddedEngine, type FindModule } from '../../../src/services/dynamodb/embedded-engines';

const installed = (...ids: string[]): FindModule => (id) => ids.includes(id) ? `/modules/${id}` : undefined;
const NATIVE = '@dynoxide/linux-x64/package.json';
const PORTABLE = 'dynalite/cli.js';

function engine(find: FindModule, { wanted, platform = 'linux-x64' }: { wanted?: 'dynoxide' | 'dynalite'; platform?: string } = {}) {
  const told: string[] = [];
  return { ...embeddedEngine(wanted, (message) => told.push(message), find, platform), told };
}

test('the native engine plays DynamoDB where it is installed, and nothing is said of it', () => {
  expect(engine(installed(NATIVE, PORTABLE))).toMatchObject({ name: 'dynoxide', program: '/modules/@dynoxide/linux-x64/dynoxide', told: [] });
  expect(engine(installed('@dynoxide/win32-x64/package.json'), { platform: 'win32-x64' }).program).toMatch(/dynoxide\.exe$/);
});

test('the engine in JavaScript takes its place on other platforms, and one line says so', () => {
  const { name, told, args } = engine(installed(NATIVE, PORTABLE), { platform: 'freebsd-arm64' });
  expect(name).toBe('dynalite');
  expect(args(4567).join(' ')).toContain('--host 127.0.0.1 --port 4567');
  expect(told).toEqual([expect.stringMatching(/dynalite.*not installed for freebsd-arm64.*without transactions and streams/)]);
});

test('an engine that is asked for by name is taken, or is missing', () => {
  expect(engine(installed(NATIVE, PORTABLE), { wanted: 'dynalite' })).toMatchObject({ name: 'dynalite', told: [] });
  expect(() => engine(installed(PORTABLE), { wanted: 'dynoxide' })).toThrow('no DynamoDB engine is installed (npm package @dynoxide/linux-x64)');
  expect(() => engine(installed(NATIVE), { wanted: 'dynalite' })).toThrow('(npm package dynalite)');
});

test('without any engine, the message names the packages and the other way', () => {
  expect(() => engine(installed(), { platform: 'sunos-x64' })).toThrow(/@dynoxide\/sunos-x64, or dynalite.*--dynamodb http:\/\/127\.0\.0\.1:8000/);
});
