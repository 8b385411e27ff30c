import { callsTo, type Call } from './engine-server';

const operations = (calls: readonly Call[]) => calls.map(({ operation }) => operation);

/** Answers of an engine whose tables are made and deleted a moment after the request. */
function slowEngine({ protectedFromDeletion = false } = {}) {
  const moments = { CreateTable: 2, DeleteTable: 2 };
  return ({ operation }: Call) => {
    switch (operation) {
      case 'CreateTable': return { TableDescription: { TableStatus: 'CREATING' } };
      case 'DescribeTable': return {
        Table: { TableStatus: --moments.CreateTable > 0 ? 'CREATING' : 'ACTIVE', ...protectedFromDeletion && { DeletionProtectionEnabled: true } },
      };
      case 'ListTables': return { TableNames: --moments.DeleteTable > 0 ? ['orders', 'others'] : ['others'] };
      default: return {};
    }
  };
}

test('the tables of an engine are listed page by page', async () => {
  let names: string[] = [];
  const pages = (call: Call) => call.input.ExclusiveStartTableName === 'b' ? { TableNames: ['c'] } : { TableNames: ['a', 'b'], LastEvaluatedTableName: 'b' };
  const calls = await callsTo(pages, async (engine) => { names = await engine.tableNames(); });
  expect(names).toEqual(['a', 'b', 'c']);
  expect(calls.map(({ input }) => input)).toEqual([{}, { ExclusiveStartTableName: 'b' }]);
});

test('a table is created when it can be used, and deleted when it is no longer there', async () => {
  expect(operations(await callsTo(slowEngine(), (engine) => engine.createTable({ TableName: 'orders' })))).toEqual(['CreateTable', 'DescribeTable', 'DescribeTable']);
  expect(operations(await callsTo(slowEngine(), (engine) => engine.deleteTable('orders')))).toEqual(['DescribeTable', 'DeleteTable', 'ListTables', 'ListTables']);
});

test('the deletion protection of a table is switched off before it is deleted', async () => {
  const calls = await callsTo(slowEngine({ protectedFromDeletion: true }), (engine) => engine.deleteTable('orders'));
  expect(operations(calls).slice(0, 3)).toEqual(['DescribeTable', 'UpdateTable', 'DeleteTable']);
  expect(calls[1]!.input).toEqual({ TableName: 'orders', DeletionProtectionEnabled: false });
});

test('items that the engine leaves unprocessed are sent again', async () => {
  const items = Array.from({ length: 27 }, (_, index) => ({ pk: { S: String(index) } }));
  let left = 2;
  const calls = await callsTo(({ input }) => {
    const { orders } = input.RequestItems as { orders: unknown[] };
    return left-- > 0 ? { UnprocessedItems: { orders: orders.slice(-1) } } : { UnprocessedItems: {} };
  }, (engine) => engine.putItems('orders', items));
  const sent = calls.map(({ input }) => (input.RequestItems as { orders: { PutRequest: { Item: (typeof items)[number] } }[] }).orders)
    .map((requests) => requests.map(({ PutRequest }) => PutRequest.Item.pk.S));
  expect(sent.map(({ length }) => length)).toEqual([25, 1, 1, 2]);
  expect(sent.slice(1)).toEqual([['24'], ['24'], ['25', '26']]);
});
