import { BatchMeterUsageCommand, MarketplaceMeteringClient } from '@aws-sdk/client-marketplace-metering';
import { Duration } from 'aws-cdk-lib';
import { balance } from '../../examples/typescript/demo/ledger';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => integrate(stack, { runEvery: Duration.minutes(15), reportZeroUsage: false })));

async function expectBalance(): Promise<void> {
  expect((await balance(on.product)).filter((row) => !row.balances)).toEqual([]);
}

test('throttled and unprocessed records are sent again unchanged, and each is billed in its own hour', async () => {
  const { product, sandbox } = on;
  const { licenseId } = await product.subscriber();
  const other = await product.subscriber();
  for (let hour = 1; hour <= 3; hour++) {
    await used(product, licenseId, hour);
    await used(product, licenseId, 10 * hour, { dimension: 'StorageGb' });
    await used(product, other.licenseId, 100 * hour);
    if (hour === 1) await sandbox.addFault({ service: 'metering', error: 'ThrottlingException', times: 20 });
    if (hour === 2) await sandbox.addFault({ service: 'metering', error: { code: 'Unprocessed', count: 2 }, times: 9 });
    await product.advance('PT1H');
  }
  await product.advance('PT30M');
  expect((await sandbox.state()).meteringCalls.throttled).toBe(20);
  const hours = ['2026-11-16T08', '2026-11-16T09', '2026-11-16T10'];
  expect(await product.billedHours(licenseId)).toEqual(Object.fromEntries(hours.map((hour, index) => [hour, index + 1])));
  expect(await product.billedHours(licenseId, 'StorageGb')).toEqual(Object.fromEntries(hours.map((hour, index) => [hour, 10 * (index + 1)])));
  expect(await product.billedHours(other.licenseId)).toEqual(Object.fromEntries(hours.map((hour, index) => [hour, 100 * (index + 1)])));
  expect(await product.metric('MeteringRecordsNotAccepted')).toBeGreaterThan(0);
  await expectBalance();
});

test('one record that AWS refuses delays no other record, and stays visible', async () => {
  const { product, sandbox } = on;
  const licenses = [];
  for (let buyer = 0; buyer < 6; buyer++) licenses.push((await product.subscriber({ customerAwsAccountId: `11112222333${buyer}` })).licenseId);
  for (const license of licenses) await used(product, license, 5);
  // AWS knows this license under another account: as a whole, every call with its record is refused
  const [poison] = licenses;
  await product.changeAccount(poison, '999988887777');
  await product.advance('PT1H30M');
  for (const license of licenses.slice(1)) expect(await product.billedTotal(license)).toBe(5);
  expect(await product.billedTotal(poison)).toBe(0);
  expect(await product.hour(poison, 'ApiCalls', '2026-11-16T08')).toMatchObject({ state: 'FROZEN', quantity: 5, reason: 'InvalidLicenseException' });
  expect(await product.metric('MeteringRecordsNotAccepted')).toBeGreaterThan(0);

  await product.changeAccount(poison, '111122223330');
  await product.advance('PT15M');
  expect(await product.billedHours(poison)).toEqual({ '2026-11-16T08': 5 });
  // it made AWS refuse calls with records of others, and was found in fewer than one call for each of the six licenses
  const { failed } = (await sandbox.state()).meteringCalls;
  expect(failed).toBeGreaterThanOrEqual(1);
  expect(failed).toBeLessThan(6);
  await expectBalance();
});

test('usage reported before the subscription is active is billed in its own hour when it becomes active', async () => {
  const { product, sandbox } = on;
  await sandbox.set({ 'events.licenseUpdatedDelaySeconds': 3 * 3600 });
  const { licenseId } = await sandbox.purchase({ customerAwsAccountId: '111122223333' });
  await used(product, licenseId, 5);
  await product.advance('PT2H30M');
  expect(await product.billedTotal(licenseId)).toBe(0);
  await product.advance('PT1H');
  expect(await product.statusOf(licenseId)).toBe('ACTIVE');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-16T08': 5 });
  await expectBalance();
});

test('usage of a suspended account stays pending, with a metric, and is billed when the account is back', async () => {
  const { product, sandbox } = on;
  const { licenseId, agreementId } = await product.subscriber();
  await used(product, licenseId, 5);
  await sandbox.agreement(agreementId, 'suspend');
  await product.advance('PT2H');
  expect(await product.hour(licenseId, 'ApiCalls', '2026-11-16T08')).toMatchObject({ state: 'FROZEN', reason: 'CustomerNotSubscribed' });
  expect(await product.metric('MeteringRecordsNotAccepted')).toBeGreaterThan(2);
  await sandbox.agreement(agreementId, 'resume');
  await product.advance('PT20M');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-16T08': 5 });
  await expectBalance();
});

test('an hour that another program metered is unresolved, with an event and a metric, until a person settles it', async () => {
  const { product, sandbox } = on;
  const { licenseId, licenseArn, customerAwsAccountId } = await product.subscriber();
  await used(product, licenseId, 5);
  const somebody = new MarketplaceMeteringClient({
    endpoint: sandbox.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'somebody', secretAccessKey: 'somebody' },
  });
  await somebody.send(new BatchMeterUsageCommand({
    UsageRecords: [{ LicenseArn: licenseArn, CustomerAWSAccountId: customerAwsAccountId, Dimension: 'ApiCalls', Timestamp: new Date('2026-11-16T08:00:00Z'), Quantity: 3 }],
  }));
  await product.advance('PT2H');
  on.expectAtEnd({ findings: ['QUANTITY_NOT_BILLED'] });
  expect(await product.hour(licenseId, 'ApiCalls', '2026-11-16T08')).toMatchObject({ state: 'UNRESOLVED', quantity: 5, reason: 'MeteredElsewhere' });
  expect((await product.events('Usage Unresolved')).map(({ detail }) => [detail.licenseId, detail.quantity, detail.reason])).toEqual([[licenseId, '5', 'MeteredElsewhere']]);
  expect(await product.highest('MeteringConflicts')).toBe(1);
  expect(await product.highest('MeteringRecordsUnresolved')).toBe(1);

  const settle = { license: licenseId, dimension: 'ApiCalls', hour: '2026-11-16T08', outcome: 'REFUSED' };
  expect(await product.invoke('MeteringFunctionName', { settle })).toMatchObject({ settled: true });
  await product.advance('PT2H');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-16T08': 3, '2026-11-16T10': 5 });
});
