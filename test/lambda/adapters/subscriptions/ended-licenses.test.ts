import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoEndedLicenses } from '../../../../lambda/adapters/subscriptions/ended-licenses';
import { subscriptionKey } from '../../../../lambda/adapters/subscriptions/items';
import { type AgreementFact, agreementFacts, EMPTY_FACTS } from '../../../../lambda/domain/subscription/facts';
import { LocalDynamo, startDynamo } from '../../../support/dynoxide';

const ACTIVATED = Date.parse('2026-11-23T00:00:00Z');
const DEPROVISIONED = Date.parse('2026-11-23T05:00:00Z');
const CLOSES = DEPROVISIONED + 3_600_000;

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

test('a license has ended when its final window has closed, not before', async () => {
  const { subscriptions } = await dynamo.createTables();
  const put = async (licenseId: string, ...facts: AgreementFact[]) => dynamo.documentClient.send(new PutCommand({
    TableName: subscriptions,
    Item: { ...subscriptionKey(licenseId), licenseId, facts: { ...EMPTY_FACTS, agreements: agreementFacts(...facts) }, asOf: '2026-11-23T05:00:00.000Z' },
  }));
  const fact = (kind: AgreementFact['kind'], time: number) => ({ kind, agreementId: 'agmt-1', time });
  await put('l-active', fact('LICENSE_UPDATED', ACTIVATED));
  await put('l-ended', fact('LICENSE_UPDATED', ACTIVATED), fact('LICENSE_DEPROVISIONED', DEPROVISIONED));
  const licenses = new DynamoEndedLicenses(dynamo.documentClient, subscriptions);
  const all = [...Array.from({ length: 150 }, (_each, index) => `l-unknown-${index}`), 'l-active', 'l-ended'];
  expect(await licenses.among(all, CLOSES - 1)).toEqual(new Set());
  expect(await licenses.among(all, CLOSES)).toEqual(new Set(['l-ended']));
  expect(await licenses.among([], CLOSES)).toEqual(new Set());
});
