import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Table } from './report';
import { entitlementsItem, subscriptionItem } from '../../lambda/adapters/subscriptions/items';
import { applyFacts } from '../../lambda/domain/subscription/subscription';
import { DAY_MS, MINUTE_MS } from '../../lambda/domain/time';
import { AgreementMode, Dimension, MarketplaceSaasIntegration, SaasPricingModel } from '../../src';
import { startDynamo } from '../support/dynoxide';
import { at, fact, factsOf } from '../support/facts';
import { ACCOUNT, PRODUCT, startIntegration } from '../support/integration';

const RUN_MS = 5 * MINUTE_MS;
const WRITES_A_REQUEST = 25;

/** Calls of GetEntitlements in one day of reconciliation, by the number of contracts, in which nothing changes. */
export async function contractChecks(sizes: readonly number[]): Promise<Table> {
  const rows: string[][] = [];
  for (const size of sizes) {
    const dynamo = await startDynamo();
    const entitlements = { Users: { valueType: 'INTEGER' as const, value: 10 } };
    let calls = 0;
    const app = await startIntegration(dynamo, undefined, undefined, {
      entitlementsOf: async () => {
        calls += 1;
        return Promise.resolve(entitlements);
      },
    });
    const start = at(0);
    const puts = Array.from({ length: size }, (_, index) => {
      const licenseId = `l-${String(index).padStart(8, '0')}`;
      // Bought long ago, so each is read once a day, at a time of its own.
      const time = start - 100 * DAY_MS;
      const updated = fact('LICENSE_UPDATED', 0, { time, productCode: PRODUCT, customerAwsAccountId: ACCOUNT });
      const { after, state } = applyFacts(undefined, licenseId, { ...factsOf(updated), registrations: { r: time } }, start, PRODUCT);
      const known = { licenseId, entitlements, since: time, agreementId: 'agmt-a', changes: 1, checkAt: start + Math.floor(index * DAY_MS / size) };
      return [subscriptionItem(after, state, 1), entitlementsItem(known, PRODUCT, 1)].map((Item) => ({ PutRequest: { Item } }));
    }).flat();
    for (let from = 0; from < puts.length; from += WRITES_A_REQUEST) {
      const items = puts.slice(from, from + WRITES_A_REQUEST);
      await dynamo.documentClient.send(new BatchWriteCommand({ RequestItems: { [app.tables.subscriptions]: items } }));
    }
    let most = 0;
    for (let time = start + RUN_MS; time <= start + DAY_MS; time += RUN_MS) {
      app.time.now = time;
      const before = calls;
      await app.reconcile();
      most = Math.max(most, calls - before);
    }
    rows.push([size.toLocaleString('en'), calls.toLocaleString('en'), (calls / (DAY_MS / RUN_MS)).toFixed(1), String(most)]);
    await dynamo.stop();
  }
  return { title: 'Calls of GetEntitlements in a day in which no contract changes', columns: ['contracts', 'calls', 'a run, on average', 'a run, at most'], rows };
}

const DIMENSIONS: Readonly<Record<SaasPricingModel, Dimension[]>> = {
  [SaasPricingModel.SUBSCRIPTION]: [Dimension.metered('ApiCalls')],
  [SaasPricingModel.CONTRACT]: [Dimension.entitled('Users')],
  [SaasPricingModel.CONTRACT_WITH_CONSUMPTION]: [Dimension.entitled('Users'), Dimension.metered('ApiCalls')],
};

/** What a stack with nothing but the integration has, by pricing model and agreement mode. */
export function resourcesByModel(): Table {
  const rows = KINDS.map(([pricingModel, agreementMode]) => {
    const stack = new Stack(new App(), 'Saas', { env: { account: '111122223333', region: 'us-east-1' } });
    new MarketplaceSaasIntegration(stack, 'Marketplace', { productCode: PRODUCT, pricingModel, agreementMode, dimensions: DIMENSIONS[pricingModel] });
    const { Resources: resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
    const count = (type: string) => Object.values(resources).filter(({ Type }) => Type === type).length;
    return [pricingModel, agreementMode, Object.keys(resources).length, ...COUNTED.map(([, type]) => count(type))];
  });
  return { title: 'Resources by pricing model', columns: ['pricing model', 'agreement mode', 'resources', ...COUNTED.map(([name]) => name)], rows };
}

const KINDS = Object.values(SaasPricingModel).flatMap((pricingModel) => Object.values(AgreementMode).map((mode) => [pricingModel, mode] as const));
const COUNTED = [
  ['functions', 'AWS::Lambda::Function'], ['tables', 'AWS::DynamoDB::GlobalTable'], ['queues', 'AWS::SQS::Queue'], ['alarms', 'AWS::CloudWatch::Alarm'],
] as const;
