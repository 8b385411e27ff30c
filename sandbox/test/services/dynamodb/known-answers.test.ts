import { KnownAnswers } from '../../../src/services/dynamodb/known-answers';

/** An engine with one number; a question that is held is answered when the test says so. */
function engine() {
  const known = new KnownAnswers();
  let value = 0;
  let asked = 0;
  let status = 200;
  const ask = async (target: string, body = '{}', pause?: Promise<void>) => {
    const { body: text } = await known.ask(`DynamoDB_20120810.${target}`, body, async () => {
      asked += 1;
      const seen = String(value);
      await pause;
      return { status, headers: {}, body: Buffer.from(seen) };
    });
    return text.toString();
  };
  return {
    ask,
    write: async (pause?: Promise<void>) => {
      value += 1;
      await ask('PutItem', '{}', pause);
    },
    failWith: (code: number) => { status = code; },
    get asked() { return asked; },
  };
}

test('what was read is not read again until something is written', async () => {
  const table = engine();
  expect([await table.ask('Query'), await table.ask('Query'), await table.ask('Scan')]).toEqual(['0', '0', '0']);
  expect(table.asked).toBe(2);
  await table.write();
  expect([await table.ask('Query'), await table.ask('Scan')]).toEqual(['1', '1']);
  expect(await table.ask('Query', '{"other":1}')).toBe('1');
  expect(table.asked).toBe(6);
});

test.each(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems', 'DeleteTable', 'ExecuteStatement'])('%s makes what was read unknown', async (operation) => {
  const table = engine();
  await table.ask('GetItem');
  await table.ask(operation);
  await table.ask('GetItem');
  expect(table.asked).toBe(3);
});

test('a look at the table or its stream leaves what was read known', async () => {
  const table = engine();
  await table.ask('GetItem');
  await table.ask('DescribeTable');
  await table.ask('ListTables');
  await table.ask('GetItem');
  expect(table.asked).toBe(3);
});

test('a read that a write overtakes is not remembered', async () => {
  const table = engine();
  let answer = () => {};
  const early = table.ask('Query', '{}', new Promise((resolve) => { answer = resolve; }));
  await table.write();
  answer();
  expect(await early).toBe('0');
  expect(await table.ask('Query')).toBe('1');
});

test('while a write is under way each read is made, and the next one after it again', async () => {
  const table = engine();
  await table.ask('Query');
  let answer = () => {};
  const write = table.write(new Promise((resolve) => { answer = resolve; }));
  expect([await table.ask('Query'), await table.ask('Query')]).toEqual(['1', '1']);
  expect(table.asked).toBe(4);
  answer();
  await write;
  await table.ask('Query');
  expect(table.asked).toBe(5);
});

test('errors and long answers are asked for anew', async () => {
  const table = engine();
  table.failWith(400);
  await table.ask('Query');
  table.failWith(200);
  await table.ask('Query');
  expect(table.asked).toBe(2);
  const long = `{"TableName":"${'x'.repeat(10_000)}"}`;
  await table.ask('Query', long);
  await table.ask('Query', long);
  expect(table.asked).toBe(4);
});
