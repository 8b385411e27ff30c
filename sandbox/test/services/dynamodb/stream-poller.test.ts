import { StreamPoller, type StreamPollerInput } from '../../../src/services/dynamodb/stream-poller';

test('an app with a stream does not start on an engine without streams, and the message names the table and what to use', async () => {
  const engine = { call: async () => ({ Table: { TableName: 'orders' } }) };
  const table = { name: 'orders', logicalId: 'Orders', stack: 'App' };
  const poller = new StreamPoller({ engine, table, mapping: {}, fn: { name: 'reader' } } as unknown as StreamPollerInput);
  await expect(poller.deploy()).rejects.toThrow('the DynamoDB engine has no streams, which the table Orders in stack App needs: use dynoxide, or DynamoDB Local (--dynamodb ');
});
