import { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { MarketplaceSaasIntegration } from '../../src';
import { integrate, synthesizeApp } from '../support/e2e/assemblies';
import { Product } from '../support/e2e/product';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

/** Stops metering and reconciliation of an integration. */
function withoutSchedules(integration: MarketplaceSaasIntegration): void {
  for (const rule of integration.node.findAll()) {
    if (rule instanceof CfnRule && rule.scheduleExpression) {
      rule.state = 'DISABLED';
    }
  }
}

/** A stopped stack, and a new one over its tables: as in "Rename or move a stack" of docs/recovery.md, before the old one is removed. */
const on = useProduct(() => synthesizeApp((app) => {
  const env = { account: '111111111111', region: 'us-east-1' };
  const old = integrate(new Stack(app, 'OldStack', { env }), { prefix: 'Old' });
  withoutSchedules(old);
  integrate(new Stack(app, 'NewStack', { env }), {
    prefix: 'New',
    existingTables: { subscriptionsTable: old.subscriptionsTable, registrationsTable: old.registrationsTable, usageTable: old.usageTable },
  });
}));

test('a new stack over the tables of a stopped one keeps its subscriptions and bills its usage once', async () => {
  const [before, after] = [new Product(on.sandbox, 'Old'), new Product(on.sandbox, 'New')];
  const { licenseId } = await before.subscriber();
  const record = { id: 'job-1', license: licenseId, dimension: 'ApiCalls', quantity: 4, time: await before.now() };
  await before.send([record, { ...record, id: 'job-0', quantity: 2 }]);
  await after.advance('PT5M');
  expect(await after.statusOf(licenseId)).toBe('ACTIVE');

  await after.send(record);
  await after.send({ ...record, id: 'job-2', quantity: 3 });
  await after.advance('PT1H30M');
  expect(await after.billedHours(licenseId)).toEqual({ '2026-11-16T08': 9 });
  expect(await after.hour(licenseId, 'ApiCalls', '2026-11-16T08')).toMatchObject({ state: 'BILLED', quantity: 9 });
});
