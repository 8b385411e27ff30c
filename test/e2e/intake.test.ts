import { Duration } from 'aws-cdk-lib';
import { balance } from '../../examples/typescript/demo/ledger';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => integrate(stack, { runEvery: Duration.minutes(15) })));

test('a rejected record is kept and published as an event, and is billed when it is corrected and sent again', async () => {
  const { product } = on;
  const { licenseId } = await product.subscriber();
  const wrong = { id: 'job-1', license: licenseId, dimension: 'Apicalls', quantity: 4, time: await product.now() };
  await product.send(wrong);
  await product.send('no json at all');
  await product.advance('PT5M');

  const rejections = await product.events('Usage Rejected');
  expect(rejections.map(({ detail }) => detail.reason).sort()).toEqual(['InvalidJson', 'UnknownDimension']);
  expect(await product.metric('UsageRecordsRejected')).toBe(2);
  const kept = (await product.items('UsageTableName')).find(({ type, id }) => type === 'RejectedUsageRecord' && id === 'job-1');
  expect(kept).toMatchObject({ reason: 'UnknownDimension', message: expect.stringContaining('ApiCalls, StorageGb') });

  await product.send({ ...JSON.parse(String(kept?.original)), dimension: 'ApiCalls' });
  await product.advance('PT1H30M');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-16T08': 4 });
});

test('events that a failing bus did not take are published later, and those of the next call at once', async () => {
  const { product, sandbox } = on;
  const wrong = (id: string) => ({ id, license: 'l-0123456789abcdef0123456789abcdef', dimension: 'None', quantity: 1, time: '2026-11-16T08:00:00Z' });
  await sandbox.addFault({ service: 'events', function: 'MarketplaceUsageIntake', operation: 'PutEvents', error: 'ValidationException', times: 1_000 });
  for (const hour of [0, 1]) await product.take(...['a', 'b', 'c'].map((id) => wrong(`${id}${hour}`)));
  const [{ hits }] = await sandbox.faults();
  await sandbox.clearFaults();
  expect(hits).toBeGreaterThan(0);
  await product.take(wrong('d'));
  expect((await product.events('Usage Rejected')).map(({ detail }) => detail.recordId)).toEqual(['d']);
  await product.advance('PT30M');
  expect((await product.events('Usage Rejected')).map(({ detail }) => detail.recordId).sort()).toEqual(['a0', 'a1', 'b0', 'b1', 'c0', 'c1', 'd']);
});

test('a direct call answers record by record, also for a record whose id is known', async () => {
  const { product } = on;
  const { licenseId } = await product.subscriber();
  const record = { id: 'a', license: licenseId, dimension: 'ApiCalls', quantity: 3, time: await product.now() };
  expect(await product.take(record, { ...record, id: 'b', quantity: -1 }, { ...record, id: 'c' }, record, { ...record, quantity: 4 })).toMatchObject([
    { id: 'a', status: 'ACCEPTED' }, { id: 'b', status: 'REJECTED', reason: 'NegativeQuantity' }, { id: 'c', status: 'ACCEPTED' },
    { id: 'a', status: 'DUPLICATE' }, { id: 'a', status: 'REJECTED', reason: 'ConflictingRecord' },
  ]);
  await product.send([record, { ...record, id: 'd', quantity: 2 }]);
  await product.advance('PT1H30M');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-16T08': 8 });
});

test('messages sent again from the dead-letter queue are not billed twice', async () => {
  const { product, sandbox } = on;
  const { licenseId } = await product.subscriber();
  // every message is stored, but the function dies before it can say so: in the end all are dead letters
  await sandbox.addFault({ service: 'lambda', function: 'MarketplaceUsageIntake', crash: 'after', times: 50 });
  await used(product, licenseId, 6);
  await used(product, licenseId, 1, { dimension: 'StorageGb' });
  await product.advance('PT3H');
  const dead = Object.entries((await sandbox.state()).deadLetters).filter(([, count]) => count > 0);
  expect(dead.map(([name, count]) => [name.includes('UsageIntake'), count])).toEqual([[true, 2]]);
  const before = await product.billedTotal(licenseId);

  await sandbox.clearFaults();
  expect(await product.redriveDeadLetters()).toBe(2);
  await product.advance('PT2H');
  expect(before).toBe(6);
  expect(await product.billedTotal(licenseId)).toBe(6);
  expect(await product.billedTotal(licenseId, 'StorageGb')).toBe(1);
  expect((await balance(product)).every((row) => row.balances)).toBe(true);
});

test('tagged usage is metered as allocations that sum to the quantity', async () => {
  const { product, sandbox } = on;
  const { licenseId } = await product.subscriber();
  const time = await product.now();
  const record = { license: licenseId, dimension: 'ApiCalls', time };
  await product.send([
    { ...record, id: 'a', quantity: 3, tags: { team: 'blue' } }, { ...record, id: 'b', quantity: 4, tags: { team: 'red', env: 'prod' } },
    { ...record, id: 'c', quantity: 5, tags: { env: 'prod', team: 'red' } }, { ...record, id: 'd', quantity: 2 },
    { ...record, id: 'e', quantity: 9, tags: { 'bad*key': 'x' } },
  ]);
  await product.advance('PT1H30M');
  const [{ quantity, usageAllocations }] = (await sandbox.state()).meteringRecords.filter((each) => each.quantity > 0);
  expect(quantity).toBe(14);
  const allocated = usageAllocations?.map(({ AllocatedUsageQuantity, Tags = [] }) =>
    [Tags.map(({ Key, Value }) => `${Key}=${Value}`).sort().join(), AllocatedUsageQuantity]);
  expect(Object.fromEntries(allocated ?? [])).toEqual({ 'team=blue': 3, 'env=prod,team=red': 9, '': 2 });
  expect((await product.events('Usage Rejected')).map(({ detail }) => detail.reason)).toEqual(['InvalidTagKey']);
});
