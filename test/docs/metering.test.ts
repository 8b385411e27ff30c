import Ajv2020 from 'ajv/dist/2020';
import * as ts from 'typescript';
import { Page } from './page';
import { RejectionReason } from '../../lambda/domain/usage/intake/rejection';
import { UnbilledReason } from '../../lambda/domain/usage/ledger/ledger';
import recordSchema from '../../schema/usage-record.schema.json';
import { Dimension, UsageMetric } from '../../src';
import { LedgerFixture } from '../support/ledger/ledger-fixture';

const page = new Page('docs/metering.md');
const codes = (heading: string) => page.rows(heading).map(([code]) => code.replaceAll('`', '')).sort();
const json = page.fences('json').map((text) => JSON.parse(text));
const records = json.filter((value) => 'license' in value);

describe('the reasons on the page', () => {
  test('the reasons on the page for records are exactly those that intake gives', () => {
    expect(codes('### Records that were not accepted')).toEqual(Object.values(RejectionReason).sort());
  });

  test('the reasons on the page for amounts and hours are exactly those that the ledger gives', () => {
    expect([...codes('### Accepted usage that will not be billed'), ...codes('### Hours')].sort()).toEqual(Object.values(UnbilledReason).sort());
  });
});

describe('the usage records on the page', () => {
  const valid = new Ajv2020({ strict: false }).compile(recordSchema);

  test('the usage records on the page match the schema', () => {
    expect(records.length).toBeGreaterThanOrEqual(3);
    for (const record of records) expect([record, valid(record)]).toEqual([record, true]);
  });

  test('the usage records on the page are accepted by intake', async () => {
    const taken = await new LedgerFixture().at('2026-11-23T10:30:00Z').take(...records);
    expect(taken).toEqual(records.map(({ id }) => ({ id, status: 'ACCEPTED' })));
  });

  test('the usage records on the page have a row for each field', () => {
    const described = page.rows('## Usage records').flatMap(([names]) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(described.sort()).toEqual(Object.keys(recordSchema.properties).sort());
  });

  test('bill whole units of a metric and carry the fraction, as the page calculates', async () => {
    const world = new LedgerFixture().at('2026-11-23T09:45:00Z');
    world.subscribe('l-9d5ab3c1');
    await world.take(records.find(({ metric }) => metric));
    await world.at('2026-11-23T10:10:00Z').run();
    expect(world.billed('2026-11-23T09', 'Units', 'l-9d5ab3c1')).toBe(2);
    const [carried] = world.partition('2026-11-23T10', 'Units', 'l-9d5ab3c1')!.carriedIn.values();
    expect(carried.amount.total().toFixed()).toBe('0.505');
  });
});

describe('the example code on the page', () => {
  /** Runs a block of the page with clients that only remember what they were to send. */
  function run(code: string, answer: unknown) {
    const sent: Record<string, any>[] = [];
    class Client { async send(command: { input: Record<string, any> }) { sent.push(command.input); return answer; } }
    class Command { constructor(readonly input: Record<string, any>) {} }
    const sdk = new Proxy({}, { get: (_target, name) => (String(name).endsWith('Client') ? Client : Command) });
    const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
    const exported: Record<string, (...args: any[]) => Promise<any>> = {};
    new Function('require', 'exports', 'process', outputText)(() => sdk, exported, { env: { USAGE_QUEUE_URL: 'queue', USAGE_INTAKE_FUNCTION: 'intake' } });
    return { exported, sent };
  }

  const block = (text: string) => page.fences('ts').find((code) => code.includes(text))!;

  test('sends a message that intake accepts', async () => {
    const { exported: { reportUsage }, sent } = run(block('SendMessageCommand'), {});
    await reportUsage('l-9d5ab3c1', 'req-1', 3, new Date('2026-11-23T09:41:07Z'));
    expect(sent).toEqual([{ QueueUrl: 'queue', MessageBody: expect.any(String) }]);
    const taken = await new LedgerFixture().at('2026-11-23T10:00:00Z').take(JSON.parse(sent[0].MessageBody));
    expect(taken).toEqual([{ id: 'req-1', status: 'ACCEPTED' }]);
  });

  test('calls the intake function and reads its answer', async () => {
    const results = await new LedgerFixture().at('2026-11-23T10:00:00Z').take(records[0], { ...records[0], id: undefined });
    const { exported: { reportAll }, sent } = run(block('InvokeCommand'), { Payload: Buffer.from(JSON.stringify({ results })) });
    expect(await reportAll([1, 2])).toEqual([{ status: 'REJECTED', reason: 'MissingId', message: expect.any(String) }]);
    expect(sent).toEqual([{ FunctionName: 'intake', Payload: '{"records":[1,2]}' }]);
    const failing = run(block('InvokeCommand'), { FunctionError: 'Unhandled' });
    await expect(failing.exported.reportAll([1])).rejects.toThrow('send all of them again');
  });

  test('creates a dimension of several metrics', () => {
    const make = new Function('Dimension', 'UsageMetric', `return ${block('Dimension.metered')}`);
    const { metrics } = (make(Dimension, UsageMetric) as Dimension)._config('dimension');
    expect(metrics).toEqual([{ name: 'BackupGb', unitsPerQuantity: '0.01' }, { name: 'Users', unitsPerQuantity: '3' }]);
  });
});

test('the hour on the page balances', () => {
  const { bucket } = json.find((value) => 'bucket' in value);
  const sum = (lines: readonly { amount: string }[]) => lines.reduce((total, { amount }) => total + Number(amount), 0);
  const { records: used, carriedIn, carriedOut, rejected } = bucket;
  expect(sum(used) + sum(carriedIn)).toBe(bucket.quantity + sum(carriedOut) + sum(rejected));
  expect(bucket.lines).toBe([used, carriedIn, carriedOut, rejected].flat().length);
});
