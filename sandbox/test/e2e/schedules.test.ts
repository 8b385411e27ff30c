import { assemblyOf, att, fn, handler, rule, START, start } from './app';
import { notes } from './clients';

const scheduled = (id: string, functionId: string, expression: string) => rule(id, { ScheduleExpression: expression }, { Arn: att(functionId) });

test('a virtual day of two schedules runs every occurrence, in seconds', async () => {
  const app = assemblyOf(
    fn('First', { code: handler('await count("first");') }),
    fn('Second', { code: handler('await count("second");') }),
    scheduled('EveryFive', 'First', 'rate(5 minutes)'),
    scheduled('EveryFiveToo', 'Second', 'rate(5 minutes)'),
  );
  const sandbox = await start(app);
  const begun = performance.now();
  await sandbox.advance('P1D');
  expect(await notes(sandbox)).toEqual({ first: 288, second: 288 });
  expect(performance.now() - begun).toBeLessThan(20_000);
});

test('a handler sees the virtual time of its schedule and its own waits, the same on every machine', async () => {
  const code = handler(`
    const begun = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await note(event.time, { begun, took: Date.now() - begun, left: context.getRemainingTimeInMillis(), date: new Date() instanceof Date });`);
  const sandbox = await start(assemblyOf(fn('Clock', { code, timeout: 7 }), scheduled('Hourly', 'Clock', 'rate(1 hour)')));
  await sandbox.advance('PT3H');
  const seen = Object.entries(await notes(sandbox)) as [string, { begun: number; took: number; left: number; date: boolean }][];
  expect(seen.map(([time]) => time)).toEqual(['2026-11-23T06:00:00Z', '2026-11-23T07:00:00Z', '2026-11-23T08:00:00Z']);
  for (const [time, { begun, took, left, date }] of seen) {
    expect({ begun, took, left, date }).toEqual({ begun: Date.parse(time), took: 50, left: 6950, date: true });
  }
});

test('the clock only moves forward, and by valid durations', async () => {
  const sandbox = await start(assemblyOf());
  expect(await sandbox.clock()).toBe('2026-11-23T05:00:00.000Z');
  expect(await sandbox.setClock('2026-11-23T06:30:00+01:00')).toBe('2026-11-23T05:30:00.000Z');
  await expect(sandbox.setClock(START)).rejects.toMatchObject({ status: 400, code: 'ClockMovesForwardOnly' });
  await expect(sandbox.advance('1 hour')).rejects.toMatchObject({ status: 400, code: 'InvalidClock' });
  await expect(sandbox.setClock('tomorrow')).rejects.toMatchObject({ status: 400, code: 'InvalidClock' });
  expect(await sandbox.clock()).toBe('2026-11-23T05:30:00.000Z');
});
