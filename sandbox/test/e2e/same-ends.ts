import { assemblyOf, att, fn, handler, mapping, queue, rule, start } from './app';
import { notes, send } from './clients';

const STORY = assemblyOf(
  queue('Work', 60, 2),
  fn('Worker', {
    code: handler(`
      globalThis.runs = (globalThis.runs ?? 0) + 1;
      await note('cold-' + globalThis.runs, event.Records.map((record) => record.messageId));
      for (const { body } of event.Records) {
        await bus.send(new PutEventsCommand({ Entries: [{ Source: 'story', DetailType: 'Chapter Ended', Detail: body, EventBusName: 'story' }] }));
        if (body.includes('bad')) throw new Error('bad');
      }`),
  }),
  fn('Ticker', { code: handler('await count("ticks");') }),
  mapping('Work', 'Worker', { BatchSize: 2 }),
  rule('Often', { ScheduleExpression: 'rate(7 minutes)' }, { Arn: att('Ticker') }),
  { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'story' } } },
);

/** Plays a story with a crash, a redelivery and a schedule so many times in one sandbox, reset before each. */
export async function expectSameEnds(rounds: number): Promise<void> {
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
  for (let round = 2; round <= rounds; round++) {
    const begun = performance.now();
    await sandbox.reset();
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(await sandbox.state()).toEqual(fresh);
    expect(await play()).toEqual(first);
  }
}
