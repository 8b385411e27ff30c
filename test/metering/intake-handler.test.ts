import { LICENSE, World } from './support/world';
import { createHandler, MAX_DIRECT_RECORDS } from '../../lambda/usage-intake/handler';

function record(id: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, license: LICENSE, dimension: 'ApiCalls', quantity: 1, time: '2026-11-23T04:30:00Z', ...change };
}

function queue(...bodies: string[]) {
  return { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body, eventSource: 'aws:sqs' })) };
}

function handlerOf(world: World) {
  const handler = createHandler(world.intake(), world);
  return async (event: unknown) => handler(event, { getRemainingTimeInMillis: () => 60_000 });
}

describe('messages of the queue', () => {
  test('hold one record or many', async () => {
    const world = new World();
    expect(await handlerOf(world)(queue(JSON.stringify(record('a')), JSON.stringify([record('b'), record('c')])))).toEqual({ batchItemFailures: [] });
    expect(world.partition('2026-11-23T04')!.records.size).toBe(3);
  });

  test('that are no JSON, or hold nothing, are kept as rejected', async () => {
    const world = new World();
    expect(await handlerOf(world)(queue('{"id":', '[]'))).toEqual({ batchItemFailures: [] });
    expect([...world.store.rejections.values()].map(({ rejection }) => [rejection.reason, rejection.original]))
      .toEqual([['InvalidJson', '{"id":'], ['EmptyBatch', '[]']]);
  });

  test('come again, and only they, when a record of theirs could not be stored', async () => {
    const world = new World();
    const put = world.store.putRecord.bind(world.store);
    world.store.putRecord = async (usage) => {
      if (usage.id === 'b') throw new Error('ProvisionedThroughputExceededException');
      return put(usage);
    };
    expect(await handlerOf(world)(queue(JSON.stringify(record('a')), JSON.stringify([record('b'), record('c')]))))
      .toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(world.partition('2026-11-23T04')!.meta).toMatchObject({ gen: 1 });
  });

  test('all come again when metering could not be told of their bucket', async () => {
    const world = new World();
    world.store.bump = async () => { throw new Error('no'); };
    const failures = await handlerOf(world)(queue(JSON.stringify(record('a')), JSON.stringify(record('b', { quantity: -1 })), JSON.stringify(record('c'))));
    expect(failures).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }] });
  });

  test('for which no time is left come again, and the others are done', async () => {
    const world = new World();
    const put = world.store.putRecord.bind(world.store);
    world.store.putRecord = async (usage) => {
      world.now += 30_000;
      return put(usage);
    };
    const many = (letter: string) => JSON.stringify(Array.from({ length: 10 }, (_each, index) => record(`${letter}${index}`)));
    const messages = queue(JSON.stringify(record('a')), many('b'), many('c'));
    expect(await handlerOf(world)(messages)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] });
    expect(world.partition('2026-11-23T04')!.meta).toMatchObject({ gen: 1 });
    world.store.putRecord = put;
    expect(await handlerOf(world)(messages)).toEqual({ batchItemFailures: [] });
    expect(world.partition('2026-11-23T04')!.records.size).toBe(21);
  });

  test('of one bucket move it once for the whole batch', async () => {
    const world = new World();
    await handlerOf(world)(queue(JSON.stringify(Array.from({ length: 100 }, (_each, index) => record(`r${index}`)))));
    expect(world.partition('2026-11-23T04')!.meta!.gen).toBe(1);
  });
});

describe('a direct invocation', () => {
  test('answers record by record, in their order', async () => {
    const world = new World();
    const answer = await handlerOf(world)({ records: [record('a'), record('b', { quantity: -1 }), record('a')] });
    expect(answer).toEqual({
      results: [
        { id: 'a', status: 'ACCEPTED' },
        { id: 'b', status: 'REJECTED', reason: 'NegativeQuantity', message: expect.stringContaining('-1') },
        { id: 'a', status: 'DUPLICATE' },
      ],
    });
  });

  test('fails when a record could not be stored, so that the caller sends all again', async () => {
    const world = new World();
    world.store.claim = async () => { throw new Error('no'); };
    await expect(handlerOf(world)({ records: [record('a')] })).rejects.toThrow('send all of them again');
  });
});

test('a call with more records than a function has time for is refused whole, with the limit', async () => {
  const world = new World();
  const records = Array.from({ length: MAX_DIRECT_RECORDS + 1 }, (_each, index) => record(`r${index}`));
  await expect(handlerOf(world)({ records })).rejects.toThrow('records holds 10001 usage records, and none of them was stored: send at most 10000 in a call');
  expect(world.partition('2026-11-23T04')).toBeUndefined();
});

test('an event that is neither is an error, not an empty success', async () => {
  await expect(handlerOf(new World())({ Record: [] })).rejects.toThrow('neither an SQS batch nor');
});
