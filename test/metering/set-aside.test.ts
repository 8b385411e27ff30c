import { RunState } from '../../lambda/metering/run-state';
import { SetAside } from '../../lambda/metering/set-aside';

const CLOCK = { now: () => Date.parse('2026-11-23T06:10:00Z') };

function filled(salt?: string) {
  const run = new RunState(CLOCK, CLOCK.now() + 1000);
  const aside = new SetAside(run, salt);
  for (let index = 0; index < 50_000; index += 1) {
    const bucket = { licenseId: `l-${index % 5000}`, dimension: 'ApiCalls', hour: `2026-11-22T${10 + Math.floor(index / 5000)}` };
    aside.add('group', { unit: bucket.licenseId, bucket });
  }
  return { run, units: aside.takeAll().flatMap((group) => group.names) };
}

test('what is kept in mind of a large backlog is bounded; the rest is left to later runs', () => {
  const { run, units } = filled('one');
  expect(units.length).toBeLessThanOrEqual(5000);
  expect(run.waiting.Refused).toBeGreaterThanOrEqual(30_000);
  expect(run.waiting.Refused).toBeLessThan(50_000);
});

test('each run begins with others', () => {
  const [one, two] = ['one', 'two'].map((salt) => filled(salt).units.slice(0, 100));
  expect(filled('one').units.slice(0, 100)).toEqual(one);
  expect(one.filter((unit) => two.includes(unit)).length).toBeLessThan(20);
});

test('where turns are not drawn, the oldest stay first', () => {
  expect(filled().units.slice(0, 3)).toEqual(['l-0', 'l-1', 'l-2']);
});
