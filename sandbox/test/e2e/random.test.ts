import { assemblyOf, att, fn, handler, rule, start } from './app';
import { notes } from './clients';

const DRAW = `
  const crypto = require('node:crypto');
  const drawn = [
    crypto.randomUUID(), globalThis.crypto.randomUUID(), crypto.randomBytes(8).toString('hex'), crypto.randomInt(1_000_000), crypto.randomInt(5, 6),
    Math.random(), [...crypto.getRandomValues(new Uint32Array(2))], crypto.randomFillSync(Buffer.alloc(4)).toString('hex'),
    await new Promise((resolve, reject) => crypto.randomBytes(4, (error, bytes) => error ? reject(error) : resolve(bytes.toString('hex')))),
    (await import('node:crypto')).randomUUID(),
  ];
  await note(event.id, { atStart, drawn });`;

const APP = assemblyOf(
  fn('Drawer', { code: `const atStart = require('node:crypto').randomUUID();\n${handler(DRAW)}`, timeout: 30 }),
  rule('Rule', { EventPattern: { source: ['x'] } }, { Arn: att('Drawer') }),
);

test('what a function draws at random depends on its invocation alone, so that it is the same in each play of a story', async () => {
  const sandbox = await start(APP);
  const play = async () => {
    await sandbox.putEvent({ 'source': 'x', 'detail-type': 'x', 'detail': {} });
    await sandbox.putEvent({ 'source': 'x', 'detail-type': 'x', 'detail': {} });
    await sandbox.waitUntilIdle();
    return Object.values(await notes(sandbox)) as { atStart: string; drawn: unknown[] }[];
  };
  const first = await play();
  expect(first).toHaveLength(2);
  await sandbox.reset();
  expect(await play()).toEqual(first);
  await sandbox.reset({ keepProcesses: true });
  expect(await play()).toEqual(first);

  const { drawn: [uuid, ofWeb, bytes, below, only, fraction, values, filled, later, ofModule] } = first[0];
  const isUuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([uuid, ofWeb, ofModule]).toEqual([isUuid, isUuid, isUuid]);
  expect([bytes, filled, later]).toEqual([16, 8, 8].map((length) => expect.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))));
  expect([below, fraction]).toEqual([expect.any(Number), expect.any(Number)]);
  expect([only, values]).toEqual([5, [expect.any(Number), expect.any(Number)]]);
  const all = first.flatMap(({ atStart, drawn }) => [atStart, ...drawn.filter((value) => value !== 5)]).map((value) => JSON.stringify(value));
  // One process serves both invocations.
  expect(new Set(all).size).toBe(all.length - 1);
});
