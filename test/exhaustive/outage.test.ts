import type { FaultRequest } from 'cdk-marketplace-saas-sandbox';
import { Duration } from 'aws-cdk-lib';
import { balance } from '../../examples/typescript/demo/ledger';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

// Without zero records, which are most calls of such a long story: hours without usage in outages have unit tests.
const on = useProduct(() => synthesize((stack) => integrate(stack, { runEvery: Duration.hours(1), reportZeroUsage: false })));

/** Every call fails for as long; three buyers use the product all the time. */
async function outage(hours: number, error: FaultRequest['error']): Promise<{ reported: number; metered: number; unresolved: number; calls: number }> {
  const { product, sandbox } = on;
  const licenses: string[] = [];
  for (let buyer = 0; buyer < 3; buyer++) licenses.push((await product.subscriber({ customerAwsAccountId: `11112222333${buyer}` })).licenseId);
  const live = async (duration: number) => {
    for (let hour = 0; hour < duration; hour += 4) {
      for (const license of licenses) await used(product, license, 3 + hour);
      await product.advance('PT4H');
    }
  };
  await live(4);
  await sandbox.addFault({ service: 'metering', error, times: 1_000_000 });
  await live(hours);
  const { meteringCalls: { failed, throttled } } = await sandbox.state();
  await sandbox.clearFaults();
  await live(4);
  await product.advance('PT3H');

  const rows = await balance(product);
  expect(rows.filter((row) => !row.balances || row.pending !== 0 || row.rejected !== 0)).toEqual([]);
  const sum = (part: 'reported' | 'metered' | 'unresolved') => rows.reduce((total, row) => total + row[part], 0);
  return { reported: sum('reported'), metered: sum('metered'), unresolved: sum('unresolved'), calls: failed + throttled };
}

test('three days of status 500 lose no usage: a few probes are unresolved, all else is billed afterwards', async () => {
  const { product } = on;
  const { reported, metered, unresolved, calls } = await outage(72, 'InternalServiceErrorException');
  expect(metered + unresolved).toBe(reported);
  // the hours that were sent when the outage began and those that served as probes since
  expect(unresolved).toBeLessThan(reported / 10);
  expect(calls).toBeGreaterThan(72);
  const events = await product.events('Usage Unresolved');
  expect(events.reduce((sum, { detail }) => sum + Number(detail.quantity), 0)).toBe(unresolved);
  expect(await product.highest('MeteringRecordsUnresolved')).toBe(events.length);
  expect(await product.highest('OldestPendingUsageAge')).toBeGreaterThan(20 * 3600);
});

test('throttling for longer than AWS takes usage loses none, and leaves none pending', async () => {
  const { reported, metered, unresolved } = await outage(28, 'ThrottlingException');
  expect([metered, unresolved]).toEqual([reported, 0]);
});

test.each([
  ['2026-12-01T05:00:00Z', '2026-11-30T22', 'still its own'],
  ['2026-12-01T06:00:00Z', '2026-12-01T06', 'one of the new month'],
])('usage of the old month is billed in the right hour when calls work again at %s: %s, %s', async (backAt, hour) => {
  const { product, sandbox } = on;
  await sandbox.reset({ keepProcesses: true, time: '2026-11-30T22:10:00Z' });
  const { licenseId } = await product.subscriber();
  await used(product, licenseId, 7);
  await sandbox.addFault({ service: 'metering', error: 'DisabledApiException', times: 1_000_000 });
  await sandbox.setClock(backAt);
  expect(await product.metric('MeteringConfigurationErrors')).toBeGreaterThan(0);
  await sandbox.clearFaults();
  await product.advance('PT2H30M');
  expect(await product.billedHours(licenseId)).toEqual({ [hour]: 7 });
  expect((await balance(product)).every((row) => row.balances)).toBe(true);
});
