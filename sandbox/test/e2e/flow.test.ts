import { assemblyOf, att, fn, handler, rule, start } from './app';
import { notes } from './clients';

test('with --flow, schedules run by themselves', async () => {
  const app = assemblyOf(fn('Ticker', { code: handler('await count("ticks");') }), rule('Often', { ScheduleExpression: 'rate(1 minute)' }, { Arn: att('Ticker') }));
  const sandbox = await start(app, { flow: 600 });
  while (Number((await notes(sandbox)).ticks ?? 0) < 5) await new Promise((resolve) => setTimeout(resolve, 50));
  const before = Date.parse(await sandbox.clock());
  expect(before).toBeGreaterThanOrEqual(Date.parse('2026-11-23T05:05:00Z'));
  expect(Date.parse(await sandbox.advance('PT1H'))).toBeGreaterThanOrEqual(before + 3_600_000);
  expect((await notes(sandbox)).ticks).toBeGreaterThanOrEqual(65);
});

test('a function that waits for an app which calls back gets its answer', async () => {
  const code = handler('await fetch(event.url + "/_sandbox/events"); const r = await fetch(event.url, { method: "POST", body: "Action=GetCallerIdentity&Version=2011-06-15", headers: { "content-type": "application/x-www-form-urlencoded" } }); await note("status", r.status);');
  const app = assemblyOf(fn('Asking', { code, timeout: 30 }), rule('Rule', { EventPattern: { source: ['x'] } }, { Arn: att('Asking'), InputPath: '$.detail' }));
  const sandbox = await start(app);
  await sandbox.putEvent({ 'source': 'x', 'detail-type': 'x', 'detail': { url: sandbox.endpoint } });
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ status: 200 });
});
