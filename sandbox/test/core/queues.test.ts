import { assemblyOf, fn, handler, mapping, queue, ref, start } from './app';
import { notes, send } from './clients';

const WORKER = handler(`
  await count('batches');
  const batchItemFailures = [];
  for (const record of event.Records) {
    const body = JSON.parse(record.body);
    await count(body.name);
    if (body.fail) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };`);

test('a failed item comes back after the visibility timeout, and is dead after its last receive', async () => {
  const sandbox = await start(assemblyOf(queue('Work', 60, 3), fn('Worker', { code: WORKER }), mapping('Work', 'Worker')));
  await send(sandbox, 'Work', { name: 'good' }, { name: 'bad', fail: true });
  await sandbox.settle();
  expect(await notes(sandbox)).toMatchObject({ good: 1, bad: 1 });

  await sandbox.advance('PT59S');
  expect(await notes(sandbox)).toMatchObject({ good: 1, bad: 1 });
  await sandbox.advance('PT1S');
  expect(await notes(sandbox)).toMatchObject({ good: 1, bad: 2 });
  await sandbox.advance('PT10M');
  expect(await notes(sandbox)).toMatchObject({ good: 1, bad: 3 });
  expect((await sandbox.state()).deadLetters).toEqual({ WorkDead: 1 });
});
