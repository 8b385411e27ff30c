import { allOf, mapBounded } from '../../../lambda/domain/bounded';

/** Calls that end when the test says so. */
function manualCalls() {
  const ends: (() => void)[] = [];
  const started: number[] = [];
  const call = async (item: number) => {
    started.push(item);
    await new Promise<void>((resolve) => {
      ends[item] = resolve;
    });
    return item * 10;
  };
  return {
    call,
    started,
    end: async (item: number) => {
      ends[item]!();
      await new Promise(setImmediate);
    },
  };
}

test('no more calls than the limit are under way, and the next one starts when one ends', async () => {
  const { call, started, end } = manualCalls();
  const results = mapBounded([0, 1, 2, 3], 2, call);
  expect(started).toEqual([0, 1]);
  await end(1);
  expect(started).toEqual([0, 1, 2]);
  await end(2);
  await end(0);
  await end(3);
  expect(await results).toEqual([0, 10, 20, 30]);
});

test('a call that fails fails the whole, and nothing is asked for no items', async () => {
  await expect(mapBounded([1, 2], 2, async (item) => {
    if (item === 2) throw new Error('item 2 failed');
  })).rejects.toThrow('item 2 failed');
  expect(await mapBounded([], 3, async () => {
    throw new Error('nothing to call');
  })).toEqual([]);
});

test('calls made together end before the first failure is seen', async () => {
  let ended = false;
  const slow = new Promise<number>((resolve) => setImmediate(() => {
    ended = true;
    resolve(1);
  }));
  await expect(allOf([Promise.reject(new Error('the first failed')), slow])).rejects.toThrow('the first failed');
  expect(ended).toBe(true);
  expect(await allOf([slow, Promise.resolve('two')])).toEqual([1, 'two']);
});
