import { METRICS } from '../../../src/names';
import { LedgerFixture } from '../../support/ledger/ledger-fixture';

describe('ordinary hours', () => {
  test('usage of an hour is billed once, in its own hour, after the grace', async () => {
    const world = new LedgerFixture();
    await world.report(3);
    await world.report(4);
    await world.at('2026-11-23T06:09:59Z').run();
    expect(world.billed('2026-11-23T05')).toBeUndefined();
    await world.at('2026-11-23T06:10:00Z').run();
    expect(world.billed('2026-11-23T05')).toBe(7);
    await world.at('2026-11-23T06:15:00Z').run();
    expect(world.api.calls).toHaveLength(1);
    expect(world.partition('2026-11-23T05')!.meta).toMatchObject({ state: 'BILLED', dueAt: undefined });
    expect(world.metrics.counts.get(METRICS.METERING_RECORDS_ACCEPTED.name)).toBe(1);
  });

  test('late usage is carried once into the hour that is open', async () => {
    const world = new LedgerFixture();
    await world.report(3);
    await world.at('2026-11-23T06:10:00Z').run();
    await world.at('2026-11-23T06:20:00Z').report(5, { time: '2026-11-23T05:30:00Z' });
    await world.run();
    await world.at('2026-11-23T07:10:00Z').run();
    expect(world.billed('2026-11-23T05')).toBe(3);
    expect(world.billed('2026-11-23T06')).toBe(5);
    expect(world.metrics.counts.get(METRICS.USAGE_CARRIED_FORWARD.name)).toBe(1);
  });

  test('fractions of metrics are carried exactly, never rounded away', async () => {
    const world = new LedgerFixture();
    for (let hour = 5; hour < 15; hour += 1) {
      world.at(`2026-11-23T${String(hour).padStart(2, '0')}:30:00Z`);
      await world.report('33', { dimension: undefined, metric: 'BackupGb' });
      await world.run();
    }
    await world.runUntil('2026-11-23T16:15:00Z');
    expect(world.api.total()).toBe(3);
    const open = world.partition('2026-11-23T16', 'Units')!;
    expect([...open.carriedIn.values()].map(({ amount }) => amount.total().toFixed())).toEqual(['0.3']);
  });
});
