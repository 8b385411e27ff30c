import { Activity } from '../../src/clock/activity';

const HOUR_MS = 3_600_000;
const TICK_MS = 300_000;
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:Worker';

/** A schedule of five minutes, thinned to once an hour, whose runs write once; returns when it ran, in ticks. */
function play(
  ticks: number, before: (tick: number, activity: Activity) => void = () => undefined, writes: (tick: number) => number = () => 1,
): number[] {
  const activity = new Activity();
  activity.startThinning(HOUR_MS);
  const ran: number[] = [];
  for (let tick = 1; tick <= ticks; tick++) {
    before(tick, activity);
    if (activity.leavesOut('Often', [FUNCTION], tick * TICK_MS)) {
      continue;
    }
    ran.push(tick);
    activity.beginRun(FUNCTION);
    for (let n = 0; n < writes(tick); n++) {
      activity.noteWrite(FUNCTION, tick === 1 ? [] : [(tick + 4.5) * TICK_MS]);
    }
    activity.endRun(FUNCTION, false);
  }
  return ran;
}

test('a schedule that finds nothing to do runs once an interval, also if each run takes a lease', () => {
  expect(play(40)).toEqual([1, 2, 13, 25, 37]);
});

test('a schedule runs at its next time after something happened', () => {
  expect(play(30, (tick, activity) => tick === 20 && activity.note())).toEqual([1, 2, 13, 20, 25]);
});

test('a schedule runs at the first of its times after one that an item names', () => {
  const written = (tick: number, activity: Activity) => tick === 1 && activity.noteWrite(undefined, [17.5 * TICK_MS]);
  expect(play(20, written)).toEqual([1, 2, 13, 18]);
});

test('a run that writes more than others is followed by one at the next time, at the times it named, and an interval after it', () => {
  expect(play(40, undefined, (tick) => tick === 13 ? 2 : 1)).toEqual([1, 2, 13, 14, 18, 25, 37]);
});

test('every occurrence runs while schedules are not thinned', () => {
  const activity = new Activity();
  activity.startThinning(HOUR_MS);
  activity.stopThinning();
  expect([1, 2, 3].map((tick) => activity.leavesOut('Often', [FUNCTION], tick * TICK_MS))).toEqual([false, false, false]);
});

test('a run that failed is followed by one at the next time', () => {
  const activity = new Activity();
  activity.startThinning(HOUR_MS);
  const ran = [1, 2, 3, 4, 5].filter((tick) => {
    const runs = !activity.leavesOut('Often', [FUNCTION], tick * TICK_MS);
    if (runs) {
      activity.beginRun(FUNCTION);
      activity.endRun(FUNCTION, tick === 2);
    }
    return runs;
  });
  expect(ran).toEqual([1, 2, 3]);
});
