import { VirtualAgenda } from '../../src/clock/agenda';
import { StandingClock } from '../../src/clock/standing-clock';
import { DEFAULT_SETTLE_LIMITS, WorkLoop, type WorkSource } from '../../src/clock/work-loop';

const fail = (error: unknown) => { throw error; };

test('a move is not over before what became ready in its last look around', async () => {
  const loop = new WorkLoop(new StandingClock(0), new VirtualAgenda(), DEFAULT_SETTLE_LIMITS, fail);
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
        loop.kick();
      }
      return undefined;
    },
  };
  loop.addSource(queue);
  loop.addSource(slow);

  await loop.advanceTo(1000);

  expect(delivered).toEqual(['message']);
});

test('sources that always call for another look do not settle, and are told', async () => {
  const loop = new WorkLoop(new StandingClock(0), new VirtualAgenda(), { ...DEFAULT_SETTLE_LIMITS, steps: 10 }, fail);
  loop.addSource({
    step: async () => {
      loop.kick();
      return undefined;
    },
  });
  await expect(loop.advanceTo(1000)).rejects.toMatchObject({ status: 504, code: 'NotSettled' });
});
