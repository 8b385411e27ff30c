import { Turns } from '../../src/gateway/turns';

/** What began, in that order. */
function requests() {
  const turns = new Turns();
  const begun: string[] = [];
  return {
    begun,
    make: (turn: string | undefined) => turns.inTurn(turn, async () => { begun.push(turn ?? 'none'); }),
  };
}

test('requests that a process makes together begin in the order in which they were made', async () => {
  const { make, begun } = requests();
  await Promise.all([make('2 a'), make('0 a'), make('3 a'), make('1 a')]);
  expect(begun).toEqual(['0 a', '1 a', '2 a', '3 a']);
});

test('a request does not wait until an earlier one is answered', async () => {
  const turns = new Turns();
  let answer = () => {};
  const first = turns.inTurn('0 a', () => new Promise<void>((resolve) => { answer = resolve; }));
  await turns.inTurn('1 a', async () => undefined);
  answer();
  await first;
});

test('requests of other processes, and of none, wait for nothing', async () => {
  const { make, begun } = requests();
  const waiting = make('1 a');
  await make('0 b');
  await make(undefined);
  await make('no number');
  expect(begun).toEqual(['0 b', 'none', 'no number']);
  await make('0 a');
  await waiting;
});

test('a request that its process gave up delays those after it only once', async () => {
  jest.useFakeTimers();
  try {
    const { make, begun } = requests();
    await make('0 a');
    const second = make('2 a');
    jest.advanceTimersByTime(250);
    await second;
    await make('3 a');
    await make('1 a');
    expect(begun).toEqual(['0 a', '2 a', '3 a', '1 a']);
  } finally {
    jest.useRealTimers();
  }
});

test('requests of each process have an order of their own, also where a later one comes first', async () => {
  const { make, begun } = requests();
  await Promise.all([make('0 a'), make('1 a'), make('2 a')]);
  await Promise.all([make('1 b'), make('0 b'), make('2 b')]);
  expect(begun).toEqual(['0 a', '1 a', '2 a', '0 b', '1 b', '2 b']);
});
