import { errorNameOf, PacedCalls } from '../../../../lambda/adapters/marketplace/paced-calls';

/** A clock that moves only while the calls sleep. */
function paced(intervalMs: number, attempts: number, random = 0) {
  const time = { now: 1000 };
  const starts: number[] = [];
  const calls = new PacedCalls(intervalMs, attempts, {
    now: () => time.now,
    random: () => random,
    sleep: async (ms) => {
      time.now += ms;
    },
  });
  const run = async (...errors: readonly string[]) => {
    const left = [...errors];
    return calls.run(async () => {
      starts.push(time.now);
      const name = left.shift();
      if (name) throw Object.assign(new Error(name), { name });
      return 'answer';
    });
  };
  return { run, starts, time };
}

test('calls start no closer together than the interval, and the first one at once', async () => {
  const { run, starts, time } = paced(100, 1);
  await run();
  await run();
  time.now += 500;
  await run();
  expect(starts).toEqual([1000, 1100, 1600]);
});

test('calls made after the clock was set back keep the interval among themselves, and do not wait for the former time', async () => {
  const { run, starts, time } = paced(100, 1);
  await run();
  time.now = 500;
  await run();
  await run();
  expect(starts).toEqual([1000, 500, 600]);
  time.now -= 1;
  await run();
  expect(starts.at(-1)).toBe(699);
});

test('a call that was throttled is tried again after 1, 2 and 4 seconds', async () => {
  const { run, starts } = paced(100, 4);
  expect(await run('ThrottlingException', 'InternalServerException', 'TimeoutError')).toBe('answer');
  expect(starts).toEqual([1000, 2000, 4000, 8000]);
});

test('each wait is shorter by up to half', async () => {
  const { run, starts } = paced(100, 2, 1);
  await run('ThrottlingException');
  expect(starts).toEqual([1000, 1500]);
});

test('the last attempt, and an error that will not pass, are thrown', async () => {
  await expect(paced(100, 2).run('ThrottlingException', 'ThrottlingException')).rejects.toThrow('ThrottlingException');
  const { run, starts } = paced(100, 5);
  await expect(run('AccessDeniedException')).rejects.toThrow('AccessDeniedException');
  expect(starts).toHaveLength(1);
});

test('an error of the connection is named by its code, and another one by its name', () => {
  expect(errorNameOf(Object.assign(new Error(), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
  expect(errorNameOf(Object.assign(new Error(), { name: 'ValidationException', code: 'other' }))).toBe('ValidationException');
  expect(errorNameOf({})).toBe('UnknownError');
});
