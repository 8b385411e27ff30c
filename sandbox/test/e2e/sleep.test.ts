import { assemblyOf, att, fn, handler, rule, start } from './app';
import { notes } from './clients';

const invoked = (code: string, timeout: number) => assemblyOf(
  fn('Sleeper', { code: handler(code), timeout }),
  rule('Rule', { EventPattern: { source: ['x'] } }, { Arn: att('Sleeper') }),
);

const WAKE = { 'source': 'x', 'detail-type': 'x', 'detail': {} };

test('a handler that only waits sees its waits pass, but costs no real time', async () => {
  const sandbox = await start(invoked(`
    const { setTimeout: sleep } = require('node:timers/promises');
    const { promisify } = require('node:util');
    const begun = Date.now();
    const order = [];
    setTimeout(() => order.push('late'), 50_000);
    const cancelled = setTimeout(() => order.push('never'), 20_000);
    await Promise.all([sleep(40_000).then(() => order.push('early')), promisify(setTimeout)(60_000)]);
    clearTimeout(cancelled);
    await count('calls');
    await new Promise((resolve) => setTimeout(resolve, 100_000));
    await note('slept', { millis: Date.now() - begun, order, left: context.getRemainingTimeInMillis() });`, 300));
  await sandbox.putEvent(WAKE);
  await sandbox.waitUntilIdle();
  const { slept } = await notes(sandbox) as { slept: { millis: number; order: string[]; left: number } };
  expect(slept.order).toEqual(['never', 'early', 'late']);
  // Two waits, and a millisecond for the request between them.
  expect([slept.millis, slept.left]).toEqual([160_001, 139_999]);
});

test('waiting beyond the end of its time is a time-out, at once', async () => {
  const sandbox = await start(invoked('await count("tries"); for (;;) await new Promise((resolve) => setTimeout(resolve, 1000));', 900));
  await sandbox.putEvent(WAKE);
  await sandbox.advance('PT3M');
  expect(await notes(sandbox)).toEqual({ tries: 3 });
});

test('code that reads the clock until a time comes ends', async () => {
  const sandbox = await start(invoked('const end = Date.now() + 100; while (Date.now() < end); await note("ended", true);', 10));
  await sandbox.putEvent(WAKE);
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ ended: true });
});
