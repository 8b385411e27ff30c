import { assemblyOf, att, fn, handler, mapping, queue, rule, START, start } from './app';
import { notes, send } from './clients';

const scheduled = (id: string, functionId: string, expression: string) => rule(id, { ScheduleExpression: expression }, { Arn: att(functionId) });

test('a virtual day of two schedules runs every occurrence', async () => {
  const app = assemblyOf(
    fn('First', { code: handler('await count("first");') }),
    fn('Second', { code: handler('await count("second");') }),
    scheduled('EveryFive', 'First', 'rate(5 minutes)'),
    scheduled('EveryFiveToo', 'Second', 'rate(5 minutes)'),
  );
  const sandbox = await start(app);
  await sandbox.advance('P1D');
  expect(await notes(sandbox)).toEqual({ first: 288, second: 288 });
});

test('a thinned week runs few of its occurrences, but each at which an item is due, a message came or the run had something to do', async () => {
  const work = handler(`
    const table = process.env.TABLE;
    const read = async (key) => (await db.send(new GetItemCommand({ TableName: table, Key: { pk: { S: key } } }))).Item;
    await count('runs');
    const now = new Date().toISOString().slice(0, 16);
    const due = await read('due');
    if (due && JSON.parse(due.value.S) <= new Date().toISOString() && !await read('done')) await note('done', now);
    if (await read('wanted') && !await read('found')) await note('found', now);`);
  const sandbox = await start(assemblyOf(
    queue('Work'), fn('Ticker', { code: work }), scheduled('Often', 'Ticker', 'rate(5 minutes)'),
    fn('Worker', { code: handler('for (const { body } of event.Records) await note(...JSON.parse(body));') }), mapping('Work', 'Worker'),
  ));
  await send(sandbox, 'Work', ['due', '2026-11-26T17:42:30.000Z']);
  await sandbox.addFault({ service: 'sqs', operation: 'SendMessage', delay: 'P2D', times: 1 });
  await send(sandbox, 'Work', ['wanted', true]);
  await sandbox.advance('P7D', { thin: 'P1D' });
  const { runs, done, found } = await notes(sandbox);
  expect([found, done]).toEqual(['2026-11-25T05:05', '2026-11-26T17:45']);
  expect(runs).toBeLessThan(25);
  await sandbox.advance('PT1H');
  expect((await notes(sandbox)).runs).toBe(Number(runs) + 12);
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
