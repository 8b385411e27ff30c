import { LostEvents } from '../../src/control/lost-events';

test('the last 1,000 lost events are kept, the oldest first', () => {
  const lost = new LostEvents();
  for (let n = 0; n < 1_002; n++) {
    lost.add(n, { from: 'rule', to: `arn:${n}`, reason: 'no target' });
  }
  expect(lost.list()).toHaveLength(1_000);
  expect(lost.list()[0]).toEqual({ time: '1970-01-01T00:00:00.002Z', from: 'rule', to: 'arn:2', reason: 'no target' });
  lost.clear();
  expect(lost.list()).toEqual([]);
});
