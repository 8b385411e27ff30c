import { RejectionReason } from '../../../lambda/domain/usage/intake/rejection';
import { createUsageIntakeHandler, type DirectAnswer, MAX_DIRECT_RECORDS } from '../../../lambda/usage-intake/handler';
import { METRICS } from '../../../src/names';
import { LICENSE, World } from '../../support/ledger/world';

function record(id: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, license: LICENSE, dimension: 'ApiCalls', quantity: 1, time: '2026-11-23T04:30:00Z', ...change };
}

function queue(...bodies: string[]) {
  return { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body, eventSource: 'aws:sqs' })) };
}

function handlerOf(world: World) {
  const handler = createUsageIntakeHandler({ forInvocation: () => world.intake(), metrics: world.metrics, clock: world.clock });
  return async (event: unknown) => handler(event, { getRemainingTimeInMillis: () => 60_000 });
}

describe('a message of the queue', () => {
  test('contains one record or an array of records', async () => {
    const world = new World();
    expect(await handlerOf(world)(queue(JSON.stringify(record('a')), JSON.stringify([record('b'), record('c')])))).toEqual({ batchItemFailures: [] });
    expect(world.partition('2026-11-23T04')!.records.size).toBe(3);
  });

  test('may have the form of a direct call, or of the dead letter of one', async () => {
    const world = new World();
    const call = { records: [record('a'), record('b')] };
    const failed = { version: '1.0', requestContext: { condition: 'RetriesExhausted' }, requestPayload: { records: [record('c')] }, responsePayload: null };
    expect(await handlerOf(world)(queue(JSON.stringify(call), JSON.stringify(failed)))).toEqual({ batchItemFailures: [] });
    expect([...world.partition('2026-11-23T04')!.records.keys()].sort()).toEqual(['a', 'b', 'c']);
  });

  test('with the same invalid record many times stores one rejection', async () => {
    const world = new World();
    const reject = world.store.reject.bind(world.store);
    let writes = 0;
    world.store.reject = async (...rejection) => {
      writes += 1;
      return reject(...rejection);
    };
    expect(await handlerOf(world)(queue(JSON.stringify(Array(5000).fill(0))))).toEqual({ batchItemFailures: [] });
    expect([writes, world.store.rejections.size]).toEqual([1, 1]);
  });

  test('that is not JSON, or an empty array, is stored as rejected', async () => {
    const world = new World();
    expect(await handlerOf(world)(queue('{"id":', '[]'))).toEqual({ batchItemFailures: [] });
    expect([...world.store.rejections.values()].map(({ rejection }) => [rejection.reason, rejection.original]))
      .toEqual([['InvalidJson', '{"id":'], ['EmptyBatch', '[]']]);
  });

  test('is delivered again, and only it, when one of its records could not be stored', async () => {
    const world = new World();
    const put = world.store.putRecord.bind(world.store);
    world.store.putRecord = async (usage) => {
      if (usage.id === 'b') throw new Error('ProvisionedThroughputExceededException');
      return put(usage);
    };
    expect(await handlerOf(world)(queue(JSON.stringify(record('a')), JSON.stringify([record('b'), record('c')]))))
      .toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(world.partition('2026-11-23T04')!.meta).toMatchObject({ revision: 1 });
  });

  test('is delivered again when its bucket could not be marked as changed', async () => {
    const world = new World();
    world.store.markChanged = async () => { throw new Error('no'); };
    const failures = await handlerOf(world)(queue(JSON.stringify(record('a')), JSON.stringify(record('b', { quantity: -1 })), JSON.stringify(record('c'))));
    expect(failures).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }] });
  });

  describe('of a batch that is too large for one invocation', () => {
    const many = (letter: string, count: number) => JSON.stringify(Array.from({ length: count }, (_each, index) => record(`${letter}${index}`)));
    const messages = queue(many('large', 1400), many('b', 300), many('c', 200), many('d', 100));

    /** Every record takes 70 ms: an invocation has time for about 700. */
    function slowWorld(): World {
      const world = new World();
      const put = world.store.putRecord.bind(world.store);
      world.store.putRecord = async (usage) => {
        world.now += 70;
        return put(usage);
      };
      return world;
    }

    test('is delivered again when there is no time left for it; small messages are stored first', async () => {
      const world = slowWorld();
      expect(await handlerOf(world)(messages)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
      expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_ACCEPTED.name)).toBe(1000);
    });

    test('leaves no stored record whose bucket is not marked as changed', async () => {
      const world = slowWorld();
      await handlerOf(world)(messages);
      const { meta, records } = world.partition('2026-11-23T04')!;
      expect([records.size, meta!.revision]).toEqual([1000, 2]);
      world.at('2026-11-23T05:10:00Z');
      await world.run();
      expect(world.billed('2026-11-23T04')).toBe(1000);
    });
  });

  test('with many records of one bucket marks that bucket once', async () => {
    const world = new World();
    await handlerOf(world)(queue(JSON.stringify(Array.from({ length: 100 }, (_each, index) => record(`r${index}`)))));
    expect(world.partition('2026-11-23T04')!.meta!.revision).toBe(1);
  });
});

describe('a direct invocation', () => {
  test('answers each record, in their order', async () => {
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

  test('fails when a record could not be stored, so that the caller sends all records again', async () => {
    const world = new World();
    world.store.claim = async () => { throw new Error('no'); };
    await expect(handlerOf(world)({ records: [record('a')] })).rejects.toThrow('send all of them again');
  });
});

describe('the answer to a call with the most records', () => {
  /** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB, by the error that a larger answer gets. */
  const LIMIT = 6_291_556;
  const dimensions = Array.from({ length: 40 }, (_each, index) => ({ name: `a_dimension_of_${index}`.padEnd(23, '_'), kind: 'METERED' as const }));

  async function answerTo(idStart: string, dimension: string) {
    const records = Array.from({ length: MAX_DIRECT_RECORDS }, (_each, index) => record(`${idStart}${String(index).padStart(5, '0')}`, { dimension }));
    return await handlerOf(new World({ dimensions }))({ records }) as DirectAnswer;
  }

  test('says what is wrong with each record', async () => {
    const answer = await answerTo('job-2026-11-23-', 'Apicalls');
    expect(answer.results[9999]).toMatchObject({ reason: 'UnknownDimension', message: expect.stringContaining('and 30 more') });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(LIMIT);
  });

  test('has reasons but no messages when it would be too large for Lambda', async () => {
    const id = '"'.repeat(195);
    const answer = await answerTo(id, '€"'.repeat(60));
    expect(answer.results).toHaveLength(MAX_DIRECT_RECORDS);
    expect(answer.results[9999]).toEqual({ id: `${id}09999`, status: 'REJECTED', reason: 'UnknownDimension' });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(LIMIT);
  });

  test('stays below the limit of Lambda with the longest ids and reasons', () => {
    const reason = Object.values(RejectionReason).reduce((longest, each) => (each.length > longest.length ? each : longest));
    const result = { id: '"'.repeat(200), status: 'REJECTED', reason };
    expect(Buffer.byteLength(JSON.stringify({ results: Array(MAX_DIRECT_RECORDS).fill(result) }))).toBeLessThan(LIMIT);
  });
});

test('a call with more records than the limit is refused, and stores nothing', async () => {
  const world = new World();
  const records = Array.from({ length: MAX_DIRECT_RECORDS + 1 }, (_each, index) => record(`r${index}`));
  await expect(handlerOf(world)({ records })).rejects.toThrow('The call has 10001 usage records, and none of them was stored: send at most 10000 in a call');
  expect(world.partition('2026-11-23T04')).toBeUndefined();
});

test('an event of no known form is an error, not an empty success', async () => {
  await expect(handlerOf(new World())({ Record: [] })).rejects.toThrow('neither an SQS batch nor');
});
