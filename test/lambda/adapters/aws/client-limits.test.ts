import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { timeoutOf, BEST_EFFORT_LIMITS } from '../../../../lambda/adapters/aws/client-limits';
import { createDocumentClient } from '../../../../lambda/adapters/aws/document-client';

/** Takes connections, and never answers. */
let hanging: Server;
const connections: Socket[] = [];
beforeAll(async () => {
  hanging = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => { hanging.listen(0, '127.0.0.1', resolve); });
});
afterAll(async () => new Promise((resolve) => {
  connections.forEach((socket) => socket.destroy());
  hanging.close(resolve);
}));

test('a call that hangs fails after a second attempt', async () => {
  const client = createDocumentClient({
    ...timeoutOf(20),
    endpoint: `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await expect(client.send(new GetCommand({ TableName: 'table', Key: { pk: 'x' } }))).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(connections).toHaveLength(2);
  client.destroy();
});

test('a bus that hangs takes at most 6 seconds of an invocation', () => {
  const { maxAttempts, requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout } } = BEST_EFFORT_LIMITS;
  expect(maxAttempts! * Math.max(connectionTimeout, requestTimeout)).toBeLessThanOrEqual(6_000);
  expect(throwOnRequestTimeout).toBe(true);
});
