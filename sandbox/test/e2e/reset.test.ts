import { assemblyOf, att, fn, handler, mapping, queue, rule, start } from './app';
import { notes, send } from './clients';

const STORY = assemblyOf(
  queue('Work', 60, 2),
  fn('Worker', {
    code: handler(`
      globalThis.runs = (globalThis.runs ?? 0) + 1;
      await note('cold-' + globalThis.runs, event.Records.map((record) => record.messageId));
      for (const { body } of event.Records) {
        await bus.send(new PutEventsCommand({ Entries: [{ Source: 'story', DetailType: 'Told', Detail: body, EventBusName: 'story' }] }));
        if (body.includes('bad')) throw new Error('bad');
      }`),
  }),
  fn('Ticker', { code: handler('await count("ticks");') }),
  mapping('Work', 'Worker', { BatchSize: 2 }),
  rule('Often', { ScheduleExpression: 'rate(7 minutes)' }, { Arn: att('Ticker') }),
  { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'story' } } },
);

test('the same story ends the same, twenty times, and a reset leaves nothing of it', async () => {
  const sandbox = await start(STORY);
  const fresh = await sandbox.state();
  const play = async () => {
    await send(sandbox, 'Work', { name: 'good' }, { name: 'bad' }, { name: 'other' });
    await sandbox.advance('PT20M');
    await send(sandbox, 'Work', { name: 'late' });
    await sandbox.advance('PT40M');
    return { state: await sandbox.state(), notes: await notes(sandbox), calls: await sandbox.calls() };
  };
  const first = await play();
  expect(first.notes).toMatchObject({ ticks: 8 });
  expect(first.state.deadLetters).toEqual({ WorkDead: expect.any(Number) });
  for (let round = 2; round <= 20; round++) {
    const begun = performance.now();
    await sandbox.reset();
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(await sandbox.state()).toEqual(fresh);
    expect(await play()).toEqual(first);
  }
});

test('a reset may keep processes warm', async () => {
  const code = handler('globalThis.runs = (globalThis.runs ?? 0) + 1; await note("run", globalThis.runs);');
  const sandbox = await start(assemblyOf(queue('Work'), fn('Worker', { code }), mapping('Work', 'Worker')));
  const run = async () => {
    await send(sandbox, 'Work', {});
    await sandbox.settle();
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
