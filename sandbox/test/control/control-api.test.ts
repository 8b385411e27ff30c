import { ControlApi, type ControlInput } from '../../src/control/control-api';

test('a path that is no percent-encoded text is the caller\'s mistake', async () => {
  const api = new ControlApi({ routes: [{ method: 'POST', path: /^agreements\/([^/]+)\/([^/]+)$/, run: () => undefined }] } as unknown as ControlInput);
  const answer = await api.handle({
    method: 'POST', path: '/_sandbox/agreements/%zz/cancel', query: new URLSearchParams(), headers: {}, rawHeaders: [], body: Buffer.from(''),
  });
  expect([answer.status, JSON.parse(String(answer.body))]).toEqual([400, { error: { code: 'InvalidPath', message: '%zz is not percent-encoded text' } }]);
});
