import { Page } from './page';
import { hourOf, MINUTE_MS } from '../../lambda/domain/usage/ledger/hour';
import { balance, balances } from '../support/ledger/invariants';
import { LICENSE, LedgerFixture, overage } from '../support/ledger/ledger-fixture';

const rows = new Page('docs/metering.md').text.split('\n').filter((line) => /^\| \d+ (Nov|Dec)/.test(line))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

/** `3 Nov, 09:00`; a day alone begins at midnight. */
const timeOf = (when: string) => Date.parse(`${when.replace(/^(\d+ \w+),?/, '$1 2026')} UTC`);

test('the example of usage beyond an entitlement is billed as its table says', async () => {
  const world = new LedgerFixture({ dimensions: overage('MONTH') });
  world.entitlements.grant(timeOf('1 Nov'), Number(rows[0][2]));
  const found: string[][] = [];
  for (const [when, what, entitled] of rows) {
    const start = timeOf(when);
    if (/^(up|down)grade/.test(what)) {
      world.entitlements.grant(start, Number(entitled));
      continue;
    }
    const late = /used on (\d+ \w+ )at ([\d:]+)/.exec(what);
    world.now = start + 20 * MINUTE_MS;
    const usedAt = late ? timeOf(late[1] + late[2]) : world.now;
    const month = hourOf(usedAt).slice(0, 7);
    const drawn = () => Number(world.store.allowances.get(`${LICENSE}#ApiCalls#${month}`)?.drawn[month] ?? 0);
    const drawnBefore = drawn();
    await world.report(/^\d+/.exec(what)![0], { time: new Date(usedAt).toISOString() });
    await world.run();
    world.now = start + 75 * MINUTE_MS;
    await world.run();
    found.push([when, String(drawnBefore), String(drawn() - drawnBefore), String(world.billed(hourOf(start)) ?? 0)]);
  }
  expect(found).toEqual(rows.filter(([, what]) => /^\d+/.test(what)).map(([when, , , drawn, covered, billed]) => [when, drawn, covered, billed.split(',')[0]]));
  expect(found).toHaveLength(6);
  expect(balance(world, LICENSE)).toMatchObject({ accepted: '32', covered: '20', metered: '12' });
  expect(balances(balance(world, LICENSE))).toBe(true);
});
