import { begin, readAhead, readFirst } from '../../../lambda/domain/read-ahead';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

async function* numbered(read: number[], count: number): AsyncIterable<number> {
  for (let n = 0; n < count; n += 1) {
    read.push(n);
    yield n;
  }
}

test('the first item is read before anyone asks for it, the others one by one, each once', async () => {
  const read: number[] = [];
  const items = readAhead(numbered(read, 3));
  expect(read).toEqual([0]);
  const iterator = items[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toBe(0);
  expect(read).toEqual([0]);
  expect((await iterator.next()).value).toBe(1);
  expect(read).toEqual([0, 1]);
  expect(await collect(readAhead(numbered([], 3)))).toEqual([0, 1, 2]);
  expect(await collect(readAhead(numbered([], 0)))).toEqual([]);
});

test('items of which the first one was read are all there, and none is nothing at all', async () => {
  const read: number[] = [];
  const items = await readFirst(numbered(read, 3));
  expect(read).toEqual([0]);
  expect(await collect(items!)).toEqual([0, 1, 2]);
  expect(await readFirst(numbered([], 0))).toBeUndefined();
});

test('a read that fails before it is used fails where it is used, and nowhere else', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    // eslint-disable-next-line require-yield
    const items = readAhead((async function* (): AsyncIterable<number> { throw new Error('the table does not answer'); })());
    const work = begin(Promise.reject(new Error('nor does this one')));
    await new Promise(setImmediate);
    await expect(collect(items)).rejects.toThrow('the table does not answer');
    await expect(work).rejects.toThrow('nor does this one');
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});
