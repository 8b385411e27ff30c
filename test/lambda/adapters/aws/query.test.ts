import type { DynamoDBDocumentClient, QueryCommand, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { countItems, indexQuery, query } from '../../../../lambda/adapters/aws/query';

/** Answers with these pages, one after the other. */
function pages(...items: readonly (readonly number[])[]) {
  const inputs: QueryCommandInput[] = [];
  const send = async ({ input }: QueryCommand) => {
    inputs.push(input);
    const at = Number(input.ExclusiveStartKey?.page ?? 0);
    return { Items: items[at], Count: items[at]?.length, LastEvaluatedKey: at + 1 < items.length ? { page: at + 1 } : undefined };
  };
  return { client: { send } as unknown as DynamoDBDocumentClient, inputs };
}

const INPUT = { TableName: 'table' };

test('a query reads all pages, those after an empty one too', async () => {
  const { client } = pages([1, 2], [], [3]);
  const found: number[] = [];
  for await (const item of query<number>(client, INPUT)) {
    found.push(item);
  }
  expect(found).toEqual([1, 2, 3]);
});

test('no page is read that is not asked for', async () => {
  const { client, inputs } = pages([1, 2], [3]);
  for await (const item of query<number>(client, INPUT)) {
    if (item === 2) break;
  }
  expect(inputs).toHaveLength(1);
});

test('a count transfers no items, and is a lower bound when time is up', async () => {
  const { client, inputs } = pages([1, 2], [3], [4]);
  expect(await countItems(client, INPUT)).toEqual({ count: 4, complete: true });
  expect(inputs.map(({ Select }) => Select)).toEqual(['COUNT', 'COUNT', 'COUNT']);
  expect(await countItems(client, INPUT, () => false)).toEqual({ count: 2, complete: false });
});

test.each([
  [{}, '#partition = :partition', { ':partition': 'p' }],
  [{ from: 'a' }, '#partition = :partition AND #sort >= :from', { ':partition': 'p', ':from': 'a' }],
  [{ until: 'z' }, '#partition = :partition AND #sort <= :until', { ':partition': 'p', ':until': 'z' }],
  [{ from: 'a', until: 'z' }, '#partition = :partition AND #sort BETWEEN :from AND :until', { ':partition': 'p', ':from': 'a', ':until': 'z' }],
])('a query of an index within the bounds %j has one condition for both keys', (bounds, condition, values) => {
  const index = { name: 'byAccount', partitionKey: 'account', sortKey: 'at' } as Parameters<typeof indexQuery>[1];
  expect(indexQuery('table', index, 'p', bounds)).toEqual({
    TableName: 'table',
    IndexName: 'byAccount',
    KeyConditionExpression: condition,
    ExpressionAttributeNames: { '#partition': 'account', ...(Object.keys(bounds).length > 0 && { '#sort': 'at' }) },
    ExpressionAttributeValues: values,
  });
});
