import { RejectionReason } from '../../../lambda/domain/usage/intake/rejection';
import { createUsageIntakeHandler, type DirectAnswer, MAX_DIRECT_RECORDS } from '../../../lambda/usage-intake/handler';
import { METRICS } from '../../../src/names';
import { LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';

function record(id: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, license: LICENSE, dimension: 'ApiCalls', quantity: 1, time: '2026-11-23T04:30:00Z', ...change };
}

function queue(...bodies: string[]) {
  return { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body, eventSource: 'aws:sqs' })) };
}

function handlerOf(world: LedgerFixture) {
  const handler = createUsageIntakeHandler({ forInvocation: () => world.intake(), metrics: world.metrics, clock: world.clock });
  return async (event: unknown) => handler(event, { getRemainingTimeInMillis: () => 60_000 });
}

describe('a message of the queue', () => {
  test('contains one record or an array of records', async () => {
    const world = new LedgerFixture();
    expect(await handlerOf(world)(queue(JSON.stringify(record('a')), JSON.stringify([record('b'), record('c')])))).toEqual({ batchItemFailures: [] });
    expect(world.partition('2026-11-23T04')!.records.size).toBe(3);
  });

  test('a message of the queue may have the form of a direct call, or of the dead letter of one', async () => {
    const world = new LedgerFixture();
    const call = { records: [record('a'), record('b')] };
    const failed = { version: '1.0', requestContext: { condition: 'RetriesExhausted' }, requestPayload: { records: [record('c')] }, responsePayload: null };
    expect(await handlerOf(world)(queue(JSON.stringify(call), JSON.stringify(failed)))).toEqual({ batchItemFailures: [] });
    expect([...world.partition('2026-11-23T04')!.records.keys()].sort()).toEqual(['a', 'b', 'c']);
  });

  test('a message of the queue with the same invalid record many times stores one rejection', async () => {
    const world = new LedgerFixture();
    const reject = world.store.reject.bind(world.store);
    let writes = 0;
    world.store.reject = async (...rejection) => {
      writes += 1;
      return reject(...rejection);
    };
    expect(await handlerOf(world)(queue(JSON.stringify(Array(5000).fill(0))))).toEqual({ batchItemFailures: [] });
    expect([writes, world.store.rejections.size]).toEqual([1, 1]);
  });

  test('a message of the queue that is not JSON, or an empty array, is stored as rejected', async () => {
    const world = new LedgerFixture();
    expect(await handlerOf(world)(queue('{"id":', 'hello', '[]'))).toEqual({ batchItemFailures: [] });
    expect([...world.store.rejections.values()].map(({ rejection }) => [rejection.reason, rejection.original, rejection.message])).toEqual([
      ['InvalidJson', '{"id":', 'The message is not JSON'],
      ['InvalidJson', 'hello', 'The message is not JSON'],
      ['EmptyBatch', '[]', 'The message contains no usage record'],
    ]);
    expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_REJECTED.name)).toBe(3);
  });

  test.each([
    ['an SNS notification', (body: string) => ({ Type: 'Notification', MessageId: 'm', TopicArn: 'arn:aws:sns:us-east-1:111122223333:usage', Message: body })],
    ['an EventBridge event', (body: string) => ({ 'version': '0', 'id': 'e', 'source': 'app', 'detail-type': 'Usage', 'detail': JSON.parse(body) })],
    ['an EventBridge event in an SNS notification', (body: string) => ({
      Type: 'Notification', TopicArn: 'arn', Message: JSON.stringify({ 'source': 'app', 'detail-type': 'Usage', 'detail': JSON.parse(body) }),
    })],
  ])('a message of the queue may be the envelope of %s', async (_what, wrap) => {
    const world = new LedgerFixture();
    const bodies = [record('a'), [record('b')], { records: [record('c')] }].map((body) => JSON.stringify(wrap(JSON.stringify(body))));
    expect(await handlerOf(world)(queue(...bodies))).toEqual({ batchItemFailures: [] });
    expect([...world.partition('2026-11-23T04')!.records.keys()].sort()).toEqual(['a', 'b', 'c']);
  });

  test('a message of the queue with NaN or Infinity rejects that record only', async () => {
    const world = new LedgerFixture();
    const text = JSON.stringify([record('a'), record('b', { quantity: 'X' }), record('c', { note: 'no NaN "here' })]);
    await handlerOf(world)(queue(text.replace('"X"', 'NaN'), text.replace('"X"', '-Infinity').replaceAll('"b"', '"d"')));
    expect([...world.partition('2026-11-23T04')!.records.keys()]).toEqual(['a', 'c']);
    expect([...world.store.rejections.values()].map(({ rejection }) => [rejection.id, rejection.reason])).toEqual([['b', 'InvalidQuantity'], ['d', 'InvalidQuantity']]);
  });

  test('a message of the queue that is not JSON counts the records that it seems to contain', async () => {
    const world = new LedgerFixture();
    await handlerOf(world)(queue(JSON.stringify([record('a'), record('b'), record('c')]).slice(0, -1)));
    const [{ rejection }] = world.store.rejections.values();
    expect(rejection.message).toBe('The message is not JSON: it seems to contain 3 usage records, and none of them was accepted');
    expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_REJECTED.name)).toBe(3);
  });

  test('a message of the queue is delivered again, and no other one, when one of its records could not be stored', async () => {
    const world = new LedgerFixture();
    const put = world.store.putRecord.bind(world.store);
    world.store.putRecord = async (usage) => {
      if (usage.id === 'b') throw new Error('ProvisionedThroughputExceededException');
      return put(usage);
    };
    expect(await handlerOf(world)(queue(JSON.stringify(record('a')), JSON.stringify([record('b'), record('c')]))))
      .toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(world.partition('2026-11-23T04')!.meta).toMatchObject({ revision: 1 });
  });

  test('a message of the queue is delivered again when its bucket could not be marked as changed', async () => {
    const world = new LedgerFixture();
    world.store.markChanged = async () => { throw new Error('no'); };
    const failures = await handlerOf(world)(queue(JSON.stringify(record('a')), JSON.stringify(record('b', { quantity: -1 })), JSON.stringify(record('c'))));
    expect(failures).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }] });
  });

  describe('of a batch that is too large for one invocation', () => {
    const many = (letter: string, count: number) => JSON.stringify(Array.from({ length: count }, (_each, index) => record(`${letter}${index}`)));
    const messages = queue(many('large', 1400), many('b', 300), many('c', 200), many('d', 100));

    /** Every record takes 70 ms: an invocation has time for about 700. */
    function slowWorld(): LedgerFixture {
      const world = new LedgerFixture();
      const put = world.store.putRecord.bind(world.store);
      world.store.putRecord = async (usage) => {
        world.now += 70;
        return put(usage);
      };
      return world;
    }

    test('a message of a batch that is too large for one invocation is delivered again when there is no time left for it; small messages are stored first', async () => {
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

  test('a message of the queue with many records of one bucket marks that bucket once', async () => {
    const world = new LedgerFixture();
    await handlerOf(world)(queue(JSON.stringify(Array.from({ length: 100 }, (_each, index) => record(`r${index}`)))));
    expect(world.partition('2026-11-23T04')!.meta!.revision).toBe(1);
  });

  test.each([['2026-11-23T05:10:00Z', 1], ['2026-11-23T05:10:01Z', undefined]])(
    'a message of the queue makes its bucket due at the close of the hour; what is stored at %s counts as stored in time: %s', async (at, inTime) => {
      const world = new LedgerFixture();
      await handlerOf(world.at(at))(queue(JSON.stringify(record('a'))));
      const { meta, records } = world.partition('2026-11-23T04')!;
      expect(meta!.dueAt).toBe(Date.parse('2026-11-23T05:10:00Z'));
      expect([meta!.recordsRevision, records.get('a')!.storedLate]).toEqual(inTime === undefined ? [0, true] : [1, undefined]);
    });

  test('a message of the queue is not begun in the last ten seconds of an invocation, in which what was begun ends', async () => {
    const world = new LedgerFixture();
    const handler = createUsageIntakeHandler({ forInvocation: () => world.intake(), metrics: world.metrics, clock: world.clock });
    const event = queue(JSON.stringify(record('a')));
    expect(await handler(event, { getRemainingTimeInMillis: () => 10_000 })).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(await handler(event, { getRemainingTimeInMillis: () => 10_001 })).toEqual({ batchItemFailures: [] });
  });
});

describe('a direct invocation', () => {
  test('answers each record, in their order', async () => {
    const world = new LedgerFixture();
    const answer = await handlerOf(world)({ records: [record('a'), record('b', { quantity: -1 }), record('a')] });
    expect(answer).toEqual({
      results: [
        { id: 'a', status: 'ACCEPTED' },
        { id: 'b', status: 'REJECTED', reason: 'NegativeQuantity', message: expect.stringContaining('-1') },
        { id: 'a', status: 'DUPLICATE' },
      ],
    });
  });

  test('a direct invocation fails when a record could not be stored, so that the caller sends all records again', async () => {
    const world = new LedgerFixture();
    world.store.claim = async () => { throw new Error('no'); };
    await expect(handlerOf(world)({ records: [record('a')] })).rejects.toThrow(
      new Error('Not all usage records could be stored: send all of them again', { cause: new Error('no') }),
    );
  });

  test('a direct invocation sends its metrics once, whether it answers or fails', async () => {
    const world = new LedgerFixture();
    const flush = jest.fn();
    world.metrics.flush = flush;
    await handlerOf(world)({ records: [record('a')] });
    expect(flush).toHaveBeenCalledTimes(1);
    world.store.claim = async () => { throw new Error('no'); };
    await expect(handlerOf(world)({ records: [record('b')] })).rejects.toThrow();
    expect(flush).toHaveBeenCalledTimes(2);
  });
});

describe('the answer to a call with the most records', () => {
  /** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB, by the error that a larger answer gets. */
  const LIMIT = 6_291_556;
  const dimensions = Array.from({ length: 40 }, (_each, index) => ({ name: `a_dimension_of_${index}`.padEnd(23, '_'), kind: 'METERED' as const }));

  async function answerTo(idStart: string, dimension: string) {
    const records = Array.from({ length: MAX_DIRECT_RECORDS }, (_each, index) => record(`${idStart}${String(index).padStart(5, '0')}`, { dimension }));
    return await handlerOf(new LedgerFixture({ dimensions }))({ records }) as DirectAnswer;
  }

  test('the answer to a call with the most records says what is wrong with each record', async () => {
    const answer = await answerTo('job-2026-11-23-', 'Apicalls');
    expect(answer.results[9999]).toMatchObject({ reason: 'UnknownDimension', message: expect.stringContaining('and 30 more') });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(LIMIT);
  });

  test('the answer to a call with the most records has reasons but no messages when it would be too large for Lambda', async () => {
    const id = '"'.repeat(195);
    const answer = await answerTo(id, '€"'.repeat(60));
    expect(answer.results).toHaveLength(MAX_DIRECT_RECORDS);
    expect(answer.results[9999]).toEqual({ id: `${id}09999`, status: 'REJECTED', reason: 'UnknownDimension' });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(LIMIT);
  });

  test('the answer to a call with the most records stays below the limit of Lambda with the longest ids and reasons', () => {
    const reason = Object.values(RejectionReason).reduce((longest, each) => (each.length > longest.length ? each : longest));
    const result = { id: '"'.repeat(200), status: 'REJECTED', reason };
    expect(Buffer.byteLength(JSON.stringify({ results: Array(MAX_DIRECT_RECORDS).fill(result) }))).toBeLessThan(LIMIT);
  });
});

test('a call with more records than the limit is refused, and stores nothing', async () => {
  const world = new LedgerFixture();
  const records = Array.from({ length: MAX_DIRECT_RECORDS + 1 }, (_each, index) => record(`r${index}`));
  const message = 'The call has 10001 usage records, and none of them was stored: send at most 10000 in a call';
  expect(await handlerOf(world)({ records })).toEqual({ error: { code: 'TOO_MANY_RECORDS', message } });
  expect(world.partition('2026-11-23T04')).toBeUndefined();
});

describe('the payload of a direct invocation', () => {
  test.each<[string, unknown]>([
    ['one record', record('a')],
    ['an array of records', [record('a')]],
    ['an object with records', { records: [record('a')] }],
    ['an event of EventBridge', { 'version': '0', 'id': 'e', 'source': 'app', 'detail-type': 'Usage', 'detail': record('a') }],
  ])('the payload of a direct invocation may be %s', async (_what, payload) => {
    expect(await handlerOf(new LedgerFixture())(payload)).toEqual({ results: [{ id: 'a', status: 'ACCEPTED' }] });
  });

  test.each<[string, unknown]>([
    ['a text', 'usage'], ['a number', 5], ['null', null], ['nothing', undefined], ['an object whose records are not an array', { records: 'a' }],
  ])('the payload of a direct invocation that is %s gets an answer that says what is right', async (_what, payload) => {
    const message = 'The payload must be a usage record, an array of usage records, or {"records": [...]}';
    expect(await handlerOf(new LedgerFixture())(payload)).toEqual({ error: { code: 'INVALID_REQUEST', message } });
  });

  test('the payload of a direct invocation that is an object of another kind is stored as a rejected record', async () => {
    const world = new LedgerFixture();
    expect(await handlerOf(world)({ Record: [] })).toMatchObject({ results: [{ status: 'REJECTED', reason: 'MissingId' }] });
    expect(world.store.rejections.size).toBe(1);
  });
});

describe('each message of a batch', () => {
  /** Which of the messages contain a record that cannot be stored: the batch fails exactly these, whatever their sizes are. */
  test.each([[[0]], [[1]], [[2]], [[0, 2]], [[1, 3]], [[0, 1, 2, 3]], [[]]])('each message of a batch is delivered again exactly if one of its records failed: %j', async (failing) => {
    const world = new LedgerFixture();
    const put = world.store.putRecord.bind(world.store);
    world.store.putRecord = async (usage) => {
      if (usage.id.startsWith('bad')) { throw new Error('ProvisionedThroughputExceededException'); }
      return put(usage);
    };
    const sizes = [3, 1, 4, 2];
    const bodies = sizes.map((size, message) => JSON.stringify(
      Array.from({ length: size }, (_each, index) => record(`${failing.includes(message) && index === size - 1 ? 'bad' : 'good'}-${message}-${index}`)),
    ));
    const failures = failing.map((message) => ({ itemIdentifier: `m${message}` }));
    expect(await handlerOf(world)(queue(...bodies))).toEqual({ batchItemFailures: failures });
    expect(world.partition('2026-11-23T04')!.records.size).toBe(10 - failing.length);
  });
});

test('a direct invocation never answers success for a record that is not stored', async () => {
  for (const failing of [0, 1, 2]) {
    const world = new LedgerFixture();
    const put = world.store.putRecord.bind(world.store);
    world.store.putRecord = async (usage) => {
      if (usage.id === `r${failing}`) { throw new Error('ProvisionedThroughputExceededException'); }
      return put(usage);
    };
    await expect(handlerOf(world)({ records: [record('r0'), record('r1'), record('r2')] })).rejects.toThrow('send all of them again');
    world.store.putRecord = put;
    const { results } = await handlerOf(world)({ records: [record('r0'), record('r1'), record('r2')] }) as DirectAnswer;
    expect(results.map(({ status }, index) => [index, status])).toEqual([0, 1, 2].map((index) => [index, index === failing ? 'ACCEPTED' : 'DUPLICATE']));
  }
});

describe('the time at which the queue received a message', () => {
  function sent(at: string, ...bodies: string[]) {
    const attributes = { SentTimestamp: String(Date.parse(at)) };
    return { Records: queue(...bodies).Records.map((message) => ({ ...message, attributes })) };
  }

  test('decides whether its usage is in the future, in each delivery', async () => {
    const world = new LedgerFixture().at('2026-11-23T05:30:00Z');
    await handlerOf(world)(sent('2026-11-23T05:00:00Z', JSON.stringify(record('a', { time: '2026-11-23T05:20:00Z' }))));
    expect([...world.store.rejections.values()].map(({ rejection }) => rejection.reason)).toEqual(['TimeInFuture']);
  });

  test('decides whether its usage is late: sent before the close of its hour and stored after it, it is billed', async () => {
    const world = new LedgerFixture({ rules: { lateUsage: 'REJECT' } }).at('2026-11-23T06:13:00Z');
    const usage = JSON.stringify(record('a', { quantity: 100, time: '2026-11-23T05:50:00Z' }));
    await handlerOf(world)(sent('2026-11-23T05:55:00Z', usage));
    await world.at('2026-11-23T06:15:00Z').run();
    expect([world.billed('2026-11-23T05'), world.events('Usage Rejected')]).toEqual([100, []]);
  });

  test('decides whether its usage is late: stored after its hour was billed, it is carried and not rejected', async () => {
    const world = new LedgerFixture({ rules: { lateUsage: 'REJECT' } }).at('2026-11-23T05:55:00Z');
    const usage = (id: string, quantity: number) => JSON.stringify(record(id, { quantity, time: '2026-11-23T05:50:00Z' }));
    await handlerOf(world)(sent('2026-11-23T05:55:00Z', usage('a', 3)));
    await world.at('2026-11-23T06:10:00Z').run();
    await handlerOf(world.at('2026-11-23T06:13:00Z'))(sent('2026-11-23T05:55:00Z', usage('b', 100)));
    await handlerOf(world)(sent('2026-11-23T06:12:00Z', usage('c', 7)));
    await world.runUntil('2026-11-23T07:20:00Z');
    expect([world.billed('2026-11-23T05'), world.billed('2026-11-23T06')]).toEqual([3, 100]);
    expect(world.events('Usage Rejected').map(({ detail }) => [detail.reason, detail.quantity])).toEqual([['LateUsage', '7']]);
  });
});
