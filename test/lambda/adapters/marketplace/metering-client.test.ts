import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { meteringApiPerInvocation, MarketplaceMeteringApi, MeteringApiTimeouts } from '../../../../lambda/adapters/marketplace/metering-client';
import { answerOfError } from '../../../../lambda/adapters/marketplace/metering-client-errors';
import { fittingCount } from '../../../../lambda/domain/usage/ledger/batching';
import { CallAnswer, MeteringRecord } from '../../../../lambda/domain/usage/ledger/outcome';
import { arn } from '../../../support/ledger/ledger-fixture';

const HOUR = Date.parse('2026-11-23T05:00:00Z');

function record(license: string, change: Partial<MeteringRecord> = {}): MeteringRecord {
  return { licenseArn: arn(license), customerAwsAccountId: '111122223333', dimension: 'ApiCalls', timestamp: HOUR, quantity: 3, ...change };
}

function customerRecord(customerIdentifier: string): MeteringRecord {
  return { productCode: 'product', customerIdentifier, dimension: 'ApiCalls', timestamp: HOUR, quantity: 3 };
}

type Wire = { UsageRecords: Record<string, unknown>[]; ProductCode?: string };

/** A service on the wire that answers as it is told; in front of it, what the metering function calls it with. */
class WireService {
  readonly requests: Wire[] = [];
  answer: (request: Wire, response: ServerResponse, incoming: IncomingMessage) => void;
  private server: Server | undefined;

  constructor() {
    this.answer = () => {};
  }

  async start(): Promise<MarketplaceMeteringApi> {
    const server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const request = JSON.parse(Buffer.concat(chunks).toString()) as Wire;
        this.requests.push(request);
        this.answer(request, response, incoming);
      });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    this.server = server;
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this.api();
  }

  api(timeouts?: MeteringApiTimeouts): MarketplaceMeteringApi {
    return meteringApiPerInvocation('us-east-1', async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }), timeouts)();
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => { this.server?.close(resolve); });
  }

  reply(status: number, body: unknown): void {
    this.answer = (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    };
  }
}

const service = new WireService();
let api: MarketplaceMeteringApi;
beforeAll(async () => { api = await service.start(); });
afterAll(async () => service.stop());
beforeEach(() => { service.requests.length = 0; });

test('usage of a legacy product goes out with product code and customer identifier, and without a license', async () => {
  service.answer = (request, response) => {
    response.end(JSON.stringify({ Results: request.UsageRecords.map((UsageRecord) => ({ UsageRecord, Status: 'Success', MeteringRecordId: 'm-1' })) }));
  };
  expect(await api.submit([customerRecord('ifAPi5AcF3')])).toEqual({ kind: 'ANSWERED', records: [{ status: 'Success', meteringRecordId: 'm-1' }] });
  expect(service.requests).toEqual([{
    ProductCode: 'product',
    UsageRecords: [{ CustomerIdentifier: 'ifAPi5AcF3', Dimension: 'ApiCalls', Timestamp: HOUR / 1000, Quantity: 3 }],
  }]);
});

test('usage of a license and usage of a legacy product never share a call', async () => {
  const mixed = [record('l-1'), customerRecord('ifAPi5AcF3')];
  expect(await api.submit(mixed)).toMatchObject({ kind: 'REFUSED', cause: 'REQUEST', code: 'SeveralCalls' });
  expect(service.requests).toEqual([]);
  expect(fittingCount(mixed)).toBe(1);
});

test('a record goes out with license, account, hour, and allocations; never with a product code', async () => {
  service.answer = (request, response) => {
    response.end(JSON.stringify({ Results: request.UsageRecords.map((UsageRecord) => ({ UsageRecord, Status: 'Success', MeteringRecordId: 'm-1' })) }));
  };
  const allocations = [{ quantity: 2, tags: [['team', 'red']] }, { quantity: 1, tags: [] }] as const;
  expect(await api.submit([record('l-1', { allocations })])).toEqual({ kind: 'ANSWERED', records: [{ status: 'Success', meteringRecordId: 'm-1' }] });
  expect(service.requests).toEqual([{
    UsageRecords: [{
      LicenseArn: arn('l-1'),
      CustomerAWSAccountId: '111122223333',
      Dimension: 'ApiCalls',
      Timestamp: HOUR / 1000,
      Quantity: 3,
      UsageAllocations: [{ AllocatedUsageQuantity: 2, Tags: [{ Key: 'team', Value: 'red' }] }, { AllocatedUsageQuantity: 1 }],
    }],
  }]);
});

test('answers are read one by one, in whatever order they come', async () => {
  service.answer = (request, response) => {
    const [a, b, c, d] = request.UsageRecords;
    response.end(JSON.stringify({
      Results: [
        { UsageRecord: c, Status: 'CustomerNotSubscribed' },
        { UsageRecord: a, Status: 'Success', MeteringRecordId: 'm-a' },
        { UsageRecord: d, Status: 'DuplicateRecord' },
      ],
      UnprocessedRecords: [b],
    }));
  };
  const answer = await api.submit([record('l-1'), record('l-2'), record('l-3'), record('l-3', { dimension: 'Units' }), record('l-4')]);
  expect(answer).toEqual({
    kind: 'ANSWERED',
    records: [
      { status: 'Success', meteringRecordId: 'm-a' }, { status: 'Unprocessed' }, { status: 'CustomerNotSubscribed' }, { status: 'DuplicateRecord' },
      { status: 'Missing' },
    ],
  });
});

test('an answer without its license is found by account, dimension and hour, if only one record of the call has them', async () => {
  service.answer = (request, response) => {
    const [a, b, c] = request.UsageRecords.map(({ LicenseArn: _, ...rest }) => rest);
    response.end(JSON.stringify({ Results: [{ UsageRecord: c, Status: 'Success' }, { UsageRecord: a, Status: 'Success' }], UnprocessedRecords: [b] }));
  };
  const others = [record('l-2', { dimension: 'Units' }), record('l-3', { customerAwsAccountId: '444455556666' } as Partial<MeteringRecord>)];
  expect(await api.submit([record('l-1'), ...others])).toMatchObject({ records: [{ status: 'Success' }, { status: 'Unprocessed' }, { status: 'Success' }] });
  expect(await api.submit([record('l-1'), record('l-2'), others[1]])).toMatchObject({
    records: [{ status: 'Missing' }, { status: 'Missing' }, { status: 'Success' }],
  });
});

describe.each([
  [400, 'ThrottlingException', 'REFUSED', 'THROTTLED'],
  [400, 'DisabledApiException', 'REFUSED', 'ACCESS'],
  [400, 'InvalidProductCodeException', 'REFUSED', 'ACCESS'],
  [400, 'AccessDeniedException', 'REFUSED', 'ACCESS'],
  [400, 'UnrecognizedClientException', 'REFUSED', 'ACCESS'],
  [400, 'TimestampOutOfBoundsException', 'REFUSED', 'REQUEST'],
  [400, 'InvalidLicenseException', 'REFUSED', 'REQUEST'],
  [400, 'InvalidUsageDimensionException', 'REFUSED', 'REQUEST'],
  [400, 'InvalidTagException', 'REFUSED', 'REQUEST'],
  [400, 'InvalidUsageAllocationsException', 'REFUSED', 'REQUEST'],
  [400, 'InvalidCustomerIdentifierException', 'REFUSED', 'REQUEST'],
  [400, 'ValidationException', 'REFUSED', 'REQUEST'],
  [408, 'RequestTimeout', 'UNKNOWN', undefined],
  [409, 'ConflictException', 'REFUSED', 'REQUEST'],
  [500, 'InternalServiceErrorException', 'UNKNOWN', undefined],
  [503, 'ServiceUnavailable', 'UNKNOWN', undefined],
] as const)('%i %s', (status, code, kind, cause) => {
  test(`an answer with ${code} is ${kind} ${cause ?? ''}, after exactly one request (finding 12)`, async () => {
    service.reply(status, { __type: `com.amazonaws.marketplacemetering#${code}`, message: 'no' });
    const answer: CallAnswer = await api.submit([record('l-1')]);
    expect(answer).toMatchObject(cause ? { kind, cause, code } : { kind });
    expect(service.requests).toHaveLength(1);
  });
});

test('a connection that breaks after the request leaves the outcome unknown, and is not tried again (finding 12)', async () => {
  service.answer = (_request, _response, incoming) => { incoming.socket.destroy(); };
  expect(await api.submit([record('l-1')])).toMatchObject({ kind: 'UNKNOWN' });
  expect(service.requests).toHaveLength(1);
});

test('a service that fails once is not asked again (finding 12)', async () => {
  service.answer = (request, response) => {
    const failing = service.requests.length === 1;
    response.writeHead(failing ? 500 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    const taken = { Results: request.UsageRecords.map((UsageRecord) => ({ UsageRecord, Status: 'Success' })) };
    response.end(JSON.stringify(failing ? { __type: 'InternalServiceErrorException' } : taken));
  };
  expect(await api.submit([record('l-1')])).toMatchObject({ kind: 'UNKNOWN', code: 'InternalServiceErrorException' });
  expect(service.requests).toHaveLength(1);
});

test('an answer that cannot be read leaves the outcome unknown', async () => {
  service.answer = (_request, response) => response.end('<html>');
  expect(await api.submit([record('l-1')])).toMatchObject({ kind: 'UNKNOWN' });
});

test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])('an error before a connection existed (%s) means that nothing was sent', (code) => {
  const error = Object.assign(new Error(`connect ${code} 127.0.0.1:9`), { code, $metadata: { attempts: 1, totalRetryDelay: 0 } });
  expect(answerOfError(error)).toMatchObject({ kind: 'REFUSED', cause: 'UNAVAILABLE', code });
});

test.each(['ECONNRESET', 'ETIMEDOUT', 'EPIPE'])('a broken connection (%s) leaves the outcome unknown', (code) => {
  expect(answerOfError(Object.assign(new Error(code), { code }))).toMatchObject({ kind: 'UNKNOWN' });
});

test('answers are matched to their licenses in both shapes of license ids', async () => {
  service.answer = (request, response) => {
    const [a, b] = request.UsageRecords;
    response.end(JSON.stringify({ Results: [{ UsageRecord: b, Status: 'Success' }, { UsageRecord: a, Status: 'DuplicateRecord' }] }));
  };
  const other = record('l-1', { licenseArn: 'arn:aws:license-manager::123456789012:license/lic-xxx' });
  expect(await api.submit([record('l-1'), other])).toMatchObject({ records: [{ status: 'DuplicateRecord' }, { status: 'Success' }] });
});

test.each([
  ['AccessDenied', 403, 'ACCESS'],
  ['ValidationError', 400, 'ACCESS'],
  ['CredentialsProviderError', undefined, 'ACCESS'],
  ['Throttling', 400, 'THROTTLED'],
  ['RequestThrottled', 400, 'THROTTLED'],
  ['InternalFailure', 500, 'UNAVAILABLE'],
  ['TimeoutError', undefined, 'UNAVAILABLE'],
])('without credentials of the seller account (%s %s) nothing was sent: %s', async (name, httpStatusCode, cause) => {
  const send = jest.fn();
  const denied = new MarketplaceMeteringApi(() => ({ send }), async () => {
    throw Object.assign(new Error('no'), { name, $metadata: { httpStatusCode } });
  });
  expect(await denied.submit([record('l-1')])).toEqual({ kind: 'REFUSED', cause, code: name, message: 'no' });
  expect(send).not.toHaveBeenCalled();
});

test.each<[string, Partial<MeteringApiTimeouts>, (response: ServerResponse) => void]>([
  ['says nothing', { requestTimeout: 100 }, () => {}],
  ['stops in the middle of its answer', { socketTimeout: 100 }, (response) => response.writeHead(200, { 'content-length': '1000' }).write('{')],
])('a service that %s leaves the outcome unknown, in time', async (_what, timeouts, begin) => {
  service.answer = (_request, response) => begin(response);
  const hasty = service.api({ connectionTimeout: 3000, requestTimeout: 3000, socketTimeout: 3000, ...timeouts });
  expect(await hasty.submit([record('l-1')])).toMatchObject({ kind: 'UNKNOWN', code: 'TimeoutError' });
});

test('a record that has to be sent in another region is signed for that region, and shares no call with others', async () => {
  const signed: (string | undefined)[] = [];
  service.answer = (_request, response, { headers }) => {
    signed.push(/\/([a-z0-9-]+)\/aws-marketplace\//.exec(headers.authorization ?? '')?.[1]);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{}');
  };
  await api.submit([record('l-1')]);
  await api.submit([record('l-1', { region: 'eu-west-1' })]);
  expect(signed).toEqual(['us-east-1', 'eu-west-1']);
  expect(fittingCount([record('l-1'), record('l-2', { region: 'eu-west-1' })])).toBe(1);
  expect(await api.submit([record('l-1'), record('l-2', { region: 'eu-west-1' })])).toMatchObject({ kind: 'REFUSED', cause: 'REQUEST' });
  expect(signed).toHaveLength(2);
});
