import { UsageTableIntake } from '../../../../lambda/adapters/usage/intake';
import { UsageTable } from '../../../../lambda/adapters/usage/table';
import { UsageRecord } from '../../../../lambda/domain/usage/intake/usage-record';
import { LocalDynamo, startDynamo } from '../../../support/dynoxide';
import { tableStores } from '../../../support/ledger/table-stores';

const BUCKET = { licenseId: 'l-1', dimension: 'ApiCalls', hour: '2026-11-23T05' };
const NOW = Date.parse('2026-11-23T06:10:00Z');
const RECORD: UsageRecord = {
  id: 'a',
  bucket: BUCKET,
  units: { amount: '3', tags: { '[["team","red"]]': '3' } },
  quantity: '3',
  time: '2026-11-23T05:30:00.000Z',
  receivedAt: NOW,
};

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

/** Records the names of the operations on a table. */
function watched(table: UsageTable): { readonly table: UsageTable; readonly operations: string[] } {
  const operations: string[] = [];
  const send = async (command: object) => {
    operations.push(command.constructor.name);
    return table.client.send(command as never);
  };
  return { table: new UsageTable({ send } as never, table.tableName), operations };
}

test('a redelivered record costs as many operations as a new one', async () => {
  const { table, operations } = watched((await tableStores(dynamo)).table);
  const intake = new UsageTableIntake(table, { publishAndClear: async () => {} });
  const put = async (record: UsageRecord) => [await intake.claim(record), await intake.putRecord(record), operations.splice(0)];
  const operationsEach = ['PutCommand', 'PutCommand'];
  expect(await put(RECORD)).toEqual([undefined, 'NEW', operationsEach]);
  expect(await put({ ...RECORD, receivedAt: NOW + 1 })).toEqual([RECORD, 'SAME', operationsEach]);
  expect(await put({ ...RECORD, quantity: '4', units: { amount: '4' } })).toEqual([RECORD, 'OTHER', operationsEach]);
});

test('putIfAbsent returns the item that exists, as it was put', async () => {
  const { table } = await tableStores(dynamo);
  const item = { pk: 'p', sk: 's', text: 'é', number: 1.5, map: { list: ['a', true, null] } };
  expect(await table.putIfAbsent(item)).toBeUndefined();
  expect(await table.putIfAbsent({ pk: 'p', sk: 's', text: 'other' })).toEqual(item);
});

test('putIfAbsent reads the item that exists if the engine does not return it', async () => {
  const { table } = await tableStores(dynamo);
  await table.putIfAbsent({ pk: 'p', sk: 's', text: 'first' });
  const send = async (command: object) => table.client.send(command as never).catch((error: Error) => {
    throw Object.assign(new Error(error.message), { name: error.name });
  });
  expect(await new UsageTable({ send } as never, table.tableName).putIfAbsent({ pk: 'p', sk: 's', text: 'second' })).toMatchObject({ text: 'first' });
});
