import { assemblyOf, att, fn, handler, mapping, queue, rule, start } from './app';
import { notes, send } from './clients';
import { expectSameEnds } from './same-ends';

test('the same story ends the same, five times, and a reset leaves nothing of it', async () => {
  await expectSameEnds(5);
});

test('a reset may keep processes warm', async () => {
  const code = handler('globalThis.runs = (globalThis.runs ?? 0) + 1; await note("run", globalThis.runs);');
  const sandbox = await start(assemblyOf(queue('Work'), fn('Worker', { code }), mapping('Work', 'Worker')));
  const run = async () => {
    await send(sandbox, 'Work', {});
    await sandbox.waitUntilIdle();
    return (await notes(sandbox)).run;
  };
  expect(await run()).toBe(1);
  await sandbox.reset({ keepProcesses: true });
  expect(await notes(sandbox)).toEqual({});
  expect(await run()).toBe(2);
  await sandbox.reset();
  expect(await run()).toBe(1);
});

test('a reset may begin at another time', async () => {
  const sandbox = await start(assemblyOf(
    fn('Ticker', { code: handler('await note("at", new Date().toISOString().slice(0, 16));') }),
    rule('Often', { ScheduleExpression: 'rate(7 minutes)' }, { Arn: att('Ticker') }),
  ));
  await sandbox.advance('PT10M');
  await sandbox.reset({ keepProcesses: true, time: '2027-01-01T12:00:00Z' });
  expect(await sandbox.clock()).toBe('2027-01-01T12:00:00.000Z');
  await sandbox.advance('PT10M');
  expect(await notes(sandbox)).toEqual({ at: '2027-01-01T12:07' });
  await expect(sandbox.reset({ time: 'noon' })).rejects.toMatchObject({ status: 400, code: 'InvalidReset' });
});
