import { ControlApi } from '../../src/control/control-api';
import type { Sandbox } from '../../src/wiring/sandbox';

test('a path that is no percent-encoded text is the caller\'s mistake', async () => {
  const api = new ControlApi({ core: {}, services: { marketplace: {} }, work: {} } as unknown as Sandbox);
  const answer = await api.handle({
    method: 'POST', path: '/_sandbox/agreements/%zz/cancel', query: new URLSearchParams(), headers: {}, rawHeaders: [], body: Buffer.from(''),
  });
  expect([answer.status, JSON.parse(String(answer.body))]).toEqual([400, { error: { code: 'InvalidPath', message: '%zz is not percent-encoded text' } }]);
});
