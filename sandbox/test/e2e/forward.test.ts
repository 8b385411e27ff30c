import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { assemblyOf, att, fn, rule, start } from './app';

const CODE = `exports.handler = async () => {
  const response = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', body: '{"name":"one"}', headers: {
    'x-amz-target': 'AWSStepFunctions.StartExecution', 'content-type': 'application/x-amz-json-1.0',
    'authorization': 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261123/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0' } });
  if (response.status !== 200) throw new Error(await response.text());
  console.log('answered', await response.text());
};`;

const APP = () => assemblyOf(fn('Caller', { code: CODE }), rule('Rule', { EventPattern: { source: ['x'] } }, { Arn: att('Caller') }));

test('a call of a service that is not emulated goes to the emulator that was named, and is listed', async () => {
  const received: string[] = [];
  const emulator = http.createServer((request, response) => {
    received.push(`${request.headers['x-amz-target']}`);
    response.end('{"executionArn":"arn"}');
  });
  await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
  try {
    const to = `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
    const app = APP();
    const sandbox = await start(app, { forward: { states: to } });
    await sandbox.putEvent({ 'source': 'x', 'detail-type': 'x', 'detail': {} });
    await sandbox.waitUntilIdle();
    expect(received).toEqual(['AWSStepFunctions.StartExecution']);
    const { forwarded, failures } = await sandbox.state();
    expect(failures).toEqual([]);
    expect(forwarded).toEqual([{ time: expect.stringMatching('^2026-11-23T05:00:00'), function: 'Caller', service: 'states', operation: 'StartExecution', to, status: 200 }]);
    await expect(start(app, { forward: { sqs: to } })).rejects.toThrow('the sandbox emulates this service itself');
  } finally {
    emulator.close();
  }
});

test('a call of a service that is not emulated fails, is a finding, and both say how to forward it', async () => {
  const sandbox = await start(APP());
  await sandbox.putEvent({ 'source': 'x', 'detail-type': 'x', 'detail': {} });
  await sandbox.waitUntilIdle();
  const reason = 'the sandbox does not emulate the service states; --forward states=http://127.0.0.1:… passes its calls to an emulator that you run';
  const { findings, failures } = await sandbox.state();
  expect(findings).toEqual([{ severity: 'warning', code: 'SERVICE_NOT_EMULATED', message: `Caller called states StartExecution: ${reason}` }]);
  expect(failures[0]!.errorMessage).toContain(reason);
});
