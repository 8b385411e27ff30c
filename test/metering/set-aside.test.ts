import { RunState } from '../../lambda/metering/run-state';
import { SetAside, turnAt } from '../../lambda/metering/set-aside';

const CLOCK = { now: () => Date.parse('2026-11-23T06:10:00Z') };

function filled(turn?: number) {
  const run = new RunState(CLOCK, CLOCK.now() + 1000);
  const aside = new SetAside(run, turn);
  for (let index = 0; index < 50_000; index += 1) {
    const bucket = { licenseId: `l-${index % 5000}`, dimension: 'ApiCalls', hour: `2026-11-22T${10 + Math.floor(index / 5000)}` };
    aside.add('group', { unit: bucket.licenseId, bucket });
  }
  return { run, units: aside.takeAll().flatMap((group) => group.names) };
}

test('what is kept in mind of a large backlog is bounded; the rest is left to later runs', () => {
  const { run, units } = filled(0.3);
  expect(units.length).toBeLessThanOrEqual(5000);
  expect(run.waiting.Refused).toBeGreaterThanOrEqual(30_000);
  expect(run.waiting.Refused).toBeLessThan(50_000);
});

test.each([5, 15, 60])('with a run every %i minutes, each has its turn before long', (minutes) => {
  const names = Array.from({ length: 1000 }, (_each, index) => `l-${index}`);
  const run = new RunState(CLOCK, CLOCK.now() + 1000);
  const tried = new Set<string>();
  for (let turn = 0; turn < 30; turn += 1) {
    const aside = new SetAside(run, turnAt(CLOCK.now() + turn * minutes * 60_000));
    for (const licenseId of names) aside.add('group', { unit: licenseId, bucket: { licenseId, dimension: 'ApiCalls', hour: '2026-11-22T10' } });
    aside.takeAll()[0].names.slice(0, 100).forEach((unit) => tried.add(unit));
  }
  expect(tried.size).toBe(1000);
});

test('where turns are not drawn, the oldest stay first', () => {
  expect(filled().units.slice(0, 3)).toEqual(['l-0', 'l-1', 'l-2']);
});
