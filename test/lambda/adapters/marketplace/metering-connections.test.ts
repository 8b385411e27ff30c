import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import * as path from 'node:path';
import { meteringApiPerInvocation } from '../../../../lambda/adapters/marketplace/metering-client';
import type { CallAnswer, MeteringRecord } from '../../../../lambda/domain/usage/ledger/outcome';

const RECORD: MeteringRecord = {
  licenseArn: 'arn:aws:license-manager::294406891311:license:l-1',
  customerAwsAccountId: '111122223333',
  dimension: 'ApiCalls',
  timestamp: Date.parse('2026-11-23T05:00:00Z'),
  quantity: 3,
};
const ACCEPTED = { Results: [{ UsageRecord: { LicenseArn: RECORD.licenseArn, Dimension: 'ApiCalls', Timestamp: RECORD.timestamp / 1000 }, Status: 'Success' }] };

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  await Promise.all(servers.splice(0).map(async (server) => new Promise((resolve) => { server.close(resolve); })));
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The API as invocations have it, each call of the result being a new invocation. */
function apiOn(port: number, protocol = 'http') {
  process.env.AWS_ENDPOINT_URL = `${protocol}://127.0.0.1:${port}`;
  const timeouts = { connectionTimeout: 300, requestTimeout: 500, socketTimeout: 500 };
  return meteringApiPerInvocation('us-east-1', async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }), timeouts);
}

const submitTo = async (port: number, protocol?: string): Promise<CallAnswer> => apiOn(port, protocol)().submit([RECORD]);

test('a connection that is never accepted means that nothing was sent', async () => {
  const child: ChildProcess = fork(path.join(__dirname, '../../../support/silent-listener.js'));
  try {
    const [port] = await once(child, 'message') as [number];
    for (let waiting = 0; waiting < 4; waiting += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      sockets.push(socket);
    }
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    expect(await submitTo(port)).toMatchObject({ kind: 'REFUSED', cause: 'UNAVAILABLE', message: expect.stringContaining('did not establish a connection') });
  } finally {
    child.kill('SIGKILL');
  }
});

test('a connection that is dropped before TLS is established means that nothing was sent', async () => {
  const port = await listening(createServer((socket) => socket.destroy()));
  expect(await submitTo(port, 'https')).toMatchObject({ kind: 'REFUSED', cause: 'UNAVAILABLE' });
});

test('a connection that is dropped after the request leaves its outcome unknown', async () => {
  const port = await listening(createServer((socket) => { socket.once('data', () => socket.destroy()); }));
  expect(await submitTo(port)).toMatchObject({ kind: 'UNKNOWN' });
});

test('a connection that is dropped within the answer leaves its outcome unknown', async () => {
  const port = await listening(createServer((socket) => {
    socket.once('data', () => { socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"Res', () => socket.destroy()); });
  }));
  expect(await submitTo(port)).toMatchObject({ kind: 'UNKNOWN' });
});

test('an answer that never comes leaves its outcome unknown', async () => {
  const port = await listening(createServer(() => {}));
  expect(await submitTo(port)).toMatchObject({ kind: 'UNKNOWN' });
});

test('each invocation has connections of its own, so that one which was dropped while the function was frozen is not used', async () => {
  const served = new Map<Socket, number>();
  const port = await listening(createHttpServer((incoming, response) => {
    const requests = (served.get(incoming.socket) ?? 0) + 1;
    served.set(incoming.socket, requests);
    if (requests > 1) {
      incoming.socket.destroy();
      return;
    }
    incoming.resume();
    incoming.on('end', () => response.setHeader('connection', 'keep-alive').end(JSON.stringify(ACCEPTED)));
  }));
  const forInvocation = apiOn(port);
  const first = forInvocation();
  expect(await first.submit([RECORD])).toEqual({ kind: 'ANSWERED', records: [{ status: 'Success' }] });
  expect(await first.submit([RECORD])).toMatchObject({ kind: 'UNKNOWN' });
  expect(await forInvocation().submit([RECORD])).toEqual({ kind: 'ANSWERED', records: [{ status: 'Success' }] });
  expect(await forInvocation().submit([RECORD])).toEqual({ kind: 'ANSWERED', records: [{ status: 'Success' }] });
  expect(served.size).toBe(3);
});
