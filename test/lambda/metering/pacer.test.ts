import { backoff, Pacer } from '../../../lambda/metering/pacer';

function paced(callsPerSecond: number) {
  const time = { now: Date.parse('2026-11-23T05:00:00Z') };
  const slept: number[] = [];
  const sleep = async (milliseconds: number) => {
    slept.push(milliseconds);
  };
  return { time, slept, pacer: new Pacer({ now: () => time.now }, sleep, callsPerSecond) };
}

test('calls that come at once leave one after the other, below the rate', async () => {
  const { pacer, slept } = paced(10);
  for (let call = 0; call < 4; call += 1) await pacer.turn();
  expect(slept).toEqual([102, 204, 306]);
});

test('a warm function whose clock was set back does not wait for the time it had', async () => {
  const { pacer, slept, time } = paced(10);
  await pacer.turn();
  time.now -= 3_600_000;
  await pacer.turn();
  expect(slept).toEqual([]);
  await pacer.turn();
  expect(slept).toEqual([102]);
});

test('the longest pause that the service asks for is kept', async () => {
  const { pacer, slept } = paced(10);
  pacer.pauseFor(30_000);
  await pacer.turn();
  expect(slept).toEqual([30_000]);
});

test.each([
  [0, 100, 200], [1, 200, 400], [3, 800, 1600], [6, 5000, 10_000], [20, 5000, 10_000],
])('after %i refusals in a row a call is tried again in %i to %i milliseconds', (attempt, shortest, longest) => {
  expect([backoff(attempt, () => 0), backoff(attempt, () => 1)]).toEqual([shortest, longest]);
});
