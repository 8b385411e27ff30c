import { usage, MarketplaceFixture } from '../harness';

const TARGET = 'AWSMPMeteringService.BatchMeterUsage';

let world: MarketplaceFixture;
beforeEach(() => { world = new MarketplaceFixture(); });

/** Clients check little or nothing: the wire gets what they were given. */
function record(fields: Record<string, unknown> = {}): Record<string, unknown> {
  const { Timestamp, ...rest } = usage(world.subscribe(), world);
  return { ...rest, Timestamp: Timestamp!.getTime() / 1_000, ...fields };
}

test('answers are AWS JSON 1.1 with a request id', () => {
  const answer = world.wire(TARGET, { UsageRecords: [record({ Timestamp: 1_795_410_000.5 })] });
  expect(answer).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/) },
    body: { Results: [{ Status: 'Success', UsageRecord: { Timestamp: 1_795_410_000.5 } }], UnprocessedRecords: [] },
  });
  expect(world.marketplace.state().meteringRecords).toMatchObject([{ timestamp: '2026-11-23T05:00:00.500Z', hour: '2026-11-23T05:00:00Z' }]);
});

test('errors name their type in body and header', () => {
  expect(world.wire(TARGET, { UsageRecords: [record({ Dimension: 'no' })] })).toMatchObject({
    status: 400,
    headers: { 'x-amzn-errortype': 'InvalidUsageDimensionException' },
    body: { __type: 'com.amazonaws.marketplacemetering#InvalidUsageDimensionException', message: expect.stringContaining("'no'") },
  });
});

test.each<[string, Record<string, unknown>, string]>([
  ['a negative quantity', { Quantity: -1 }, 'ValidationException'],
  ['a quantity beyond 32 bits', { Quantity: 2_147_483_648 }, 'ValidationException'],
  ['half a unit', { Quantity: 1.5 }, 'SerializationException'],
  ['a quantity as text', { Quantity: '5' }, 'SerializationException'],
  ['no timestamp', { Timestamp: null }, 'ValidationException'],
  ['a timestamp as text', { Timestamp: '2026-11-23T05:00:00Z' }, 'SerializationException'],
  ['a timestamp in milliseconds', { Timestamp: 1_795_410_000_000 }, 'TimestampOutOfBoundsException'],
  ['no dimension', { Dimension: undefined }, 'ValidationException'],
  ['an empty dimension', { Dimension: '' }, 'ValidationException'],
  ['a dimension of 256 characters', { Dimension: 'd'.repeat(256) }, 'ValidationException'],
  ['an account with letters', { CustomerAWSAccountId: 'me' }, 'ValidationException'],
  ['the short form of a license ARN, as in documented events', { LicenseArn: 'aws:license-manager:us-east-1:294406891311:l-1' }, 'ValidationException'],
  ['allocations that are no list', { UsageAllocations: {} }, 'SerializationException'],
])('%s is refused', (_, fields, type) => {
  const { status, body } = world.wire(TARGET, { UsageRecords: [record(), record(fields)] });
  expect(status).toBe(400);
  expect(body.__type).toBe(`com.amazonaws.marketplacemetering#${type}`);
  expect(world.marketplace.state().meteringRecords).toEqual([]);
});

test('the largest quantity is accepted', () => {
  expect(world.wire(TARGET, { UsageRecords: [record({ Quantity: 2_147_483_647 })] }).body.Results).toMatchObject([{ Status: 'Success' }]);
});

test('25 records make a call, 26 do not', () => {
  const records = Array.from({ length: 25 }, () => record());
  expect(world.wire(TARGET, { UsageRecords: [...records, record()] }).body)
    .toMatchObject({ __type: expect.stringContaining('#ValidationException'), message: expect.stringContaining('less than or equal to 25') });
  expect(world.wire(TARGET, { UsageRecords: records }).body.Results).toHaveLength(25);
});

test('a request must be smaller than 1 MB', () => {
  const body = JSON.stringify({ UsageRecords: [record()] });
  expect(world.wire(TARGET, body.padEnd(999_999)).status).toBe(200);
  expect(world.wire(TARGET, body.padEnd(1_000_000))).toMatchObject({
    status: 413, body: { __type: 'com.amazonaws.marketplacemetering#RequestEntityTooLargeException' },
  });
});

test('UsageRecords are required; a malformed product code is not taken', () => {
  expect(world.wire(TARGET, {}).body.__type).toMatch(/#ValidationException$/);
  expect(world.wire(TARGET, { UsageRecords: [], ProductCode: 'a b' }).body.__type).toMatch(/#ValidationException$/);
  expect(world.wire(TARGET, { UsageRecords: [record()], ProductCode: '' }).status).toBe(200);
});

test.each(['{', '[]', '"text"', 'null'])('the body %s is not a request', (body) => {
  expect(world.wire(TARGET, body)).toMatchObject({ status: 400, body: { __type: 'com.amazonaws.marketplacemetering#SerializationException' } });
});

test.each([
  ['', 'UnknownOperationException'],
  ['DynamoDB_20120810.PutItem', 'UnknownOperationException'],
  ['AWSMPMeteringService.Guess', 'UnknownOperationException'],
  ['AWSMPMeteringService.MeterUsage', 'SandboxUnsupportedException'],
  ['AWSMPMeteringService.RegisterUsage', 'SandboxUnsupportedException'],
])('target "%s" is refused as %s', (target, type) => {
  expect(world.wire(target, {})).toMatchObject({ status: 400, body: { __type: `com.amazonaws.marketplacemetering#${type}` } });
});

test('smithy-rpc-v2-cbor is refused in its own words', () => {
  const { status, headers, body } = world.handle({
    headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
    method: 'POST',
    path: '/service/AWSMPEntitlementService/operation/GetEntitlements',
    query: new URLSearchParams(),
    rawHeaders: [],
    body: Buffer.from([0xa0]),
  });
  expect(status).toBe(415);
  expect(headers).toMatchObject({ 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' });
  const bytes = body as Buffer;
  expect(bytes[0]).toBe(0xa2);
  expect(bytes.toString()).toContain('SandboxUnsupportedException');
  expect(bytes.toString()).toContain('AWS JSON 1.1');
});
