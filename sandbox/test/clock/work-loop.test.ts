import { TimerQueue } from '../../src/clock/timer-queue';
import { VirtualClock } from '../../src/clock/virtual-clock';
import { DEFAULT_IDLE_LIMITS, WorkLoop, type WorkSource } from '../../src/clock/work-loop';

const fail = (error: unknown) => { throw error; };

test('a move is not over before what became ready in its last look around', async () => {
  const loop = new WorkLoop(new VirtualClock(0), new TimerQueue(), DEFAULT_IDLE_LIMITS, fail);
  let waiting = 0;
  const delivered: string[] = [];
  const queue: WorkSource = {
    step: async () => {
      if (waiting === 0) return undefined;
      waiting -= 1;
      delivered.push('message');
      return 'queue';
    },
  };
  const slow: WorkSource = {
    // A message comes in, from outside, while this source looks for work of its own; the queue was asked before.
    step: async () => {
      if (delivered.length === 0 && waiting < 1) {
        waiting = 1;
        loop.wake();
      }
      return undefined;
    },
  };
  loop.addSource(queue);
  loop.addSource(slow);

  await loop.advanceTo(1000);

  expect(delivered).toEqual(['message']);
});

test('what a function asks of an API of its own app is done while the function runs, and requests from outside wait for their turn', async () => {
  const loop = new WorkLoop(new VirtualClock(0), new TimerQueue(), DEFAULT_IDLE_LIMITS, fail);
  const done: string[] = [];
  const answer = (label: string) => async () => { done.push(label); };

  const outside: Promise<void>[] = [];
  await loop.exclusive(async () => {
    outside.push(loop.runForRequest({}, answer('from outside')));
    await loop.runForRequest({ at: 12.5 }, answer('by the function'));
    done.push('the function ends');
  });
  await Promise.all(outside);

  expect(done).toEqual(['by the function', 'the function ends', 'from outside']);
});

describe('the limits of a move', () => {
  /** A source with so many pieces of work, each of which takes longer than a moment may. */
  const slowSource = (pieces: number): WorkSource & { ran: number } => ({
    ran: 0,
    async step() {
      if (this.ran >= pieces) return undefined;
      this.ran += 1;
      real += 61_000;
      return 'invocation';
    },
  });
  let real: number;
  beforeEach(() => {
    real = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => real);
  });
  afterEach(() => jest.restoreAllMocks());

  const move = async (source: WorkSource, limits = DEFAULT_IDLE_LIMITS) => {
    const loop = new WorkLoop(new VirtualClock(0), new TimerQueue(), limits, fail);
    loop.addSource(source);
    await loop.advanceTo(1000);
  };

  test('one piece of work may take longer than all, when nothing comes after it', async () => {
    const source = slowSource(1);
    await move(source);
    expect(source.ran).toBe(1);
  });

  test('work after the limit of time is reported, and not run to its end', async () => {
    const source = slowSource(10);
    await expect(move(source)).rejects.toMatchObject({
      status: 504, code: 'NotIdle', message: expect.stringContaining('after 2 steps there is still work. Busiest: invocation (2 times)'),
    });
    expect(source.ran).toBe(2);
  });

  test('a move may take as many steps as the limit says', async () => {
    const limits = { steps: 3, millis: Infinity };
    await move(slowSource(3), limits);
    await expect(move(slowSource(4), limits)).rejects.toMatchObject({ code: 'NotIdle' });
  });
});

test('sources that always ask for another round never become idle, and are reported', async () => {
  const loop = new WorkLoop(new VirtualClock(0), new TimerQueue(), { ...DEFAULT_IDLE_LIMITS, steps: 10 }, fail);
  loop.addSource({
    step: async () => {
      loop.wake();
      return undefined;
    },
  });
  await expect(loop.advanceTo(1000)).rejects.toMatchObject({ status: 504, code: 'NotIdle' });
});
