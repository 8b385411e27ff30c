import { Outbox } from '../../../../lambda/adapters/events/outbox';
import { DynamoSubscriptionDirectory } from '../../../../lambda/adapters/subscriptions/subscription-directory';
import { SubscriptionTable } from '../../../../lambda/adapters/subscriptions/subscription-table';
import type { SubscriptionStatus } from '../../../../lambda/domain/subscription-directory';
import { SubscriptionIndex } from '../../../../src/names';
import { type LocalDynamo, startDynamo } from '../../../support/dynoxide';
import { ARN, at, fact, factsOf, LICENSE } from '../../../support/facts';
import { FakeBus } from '../../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

async function setUp() {
  const { subscriptions } = await dynamo.createTables();
  const outbox = new Outbox(dynamo.documentClient, new FakeBus(), subscriptions, SubscriptionIndex.OUTBOX);
  const table = new SubscriptionTable(dynamo.documentClient, subscriptions, outbox, 'product');
  const directory = new DynamoSubscriptionDirectory(dynamo.documentClient, subscriptions);
  const listed = async (status: SubscriptionStatus, now: number) => {
    const ids: string[] = [];
    for await (const license of directory.list(status, now)) {
      ids.push(license.licenseId);
    }
    return ids.sort();
  };
  return { table, directory, listed };
}

const updated = fact('LICENSE_UPDATED', 1, { licenseArn: ARN, productCode: 'product', customerAwsAccountId: '111122223333' });

describe('DynamoSubscriptionDirectory', () => {
  test('a license without any fact is unknown', async () => {
    const { directory } = await setUp();
    expect(await directory.get(LICENSE, at(0))).toBeUndefined();
  });

  test('the directory shows what metering needs', async () => {
    const { table, directory } = await setUp();
    await table.addFacts(LICENSE, factsOf(updated), at(2));
    expect(await directory.get(LICENSE, at(3))).toEqual({
      licenseId: LICENSE,
      licenseArn: ARN,
      customerAwsAccountId: '111122223333',
      productCode: 'product',
      status: 'ACTIVE',
      activeSince: at(1),
      updatedAt: at(1),
    });
  });

  test('the final hour closes on time, before reconciliation stores it', async () => {
    const { table, directory, listed } = await setUp();
    await table.addFacts(LICENSE, factsOf(updated, fact('ENDED', 10, { status: 'CANCELLED' }), fact('LICENSE_DEPROVISIONED', 11)), at(12));
    await table.addFacts('l-other', factsOf(updated), at(12));
    expect(await directory.get(LICENSE, at(70))).toMatchObject({ status: 'ENDING', endedAt: at(10), finalWindowClosesAt: at(71) });
    expect(await listed('ENDING', at(70))).toEqual([LICENSE]);
    expect(await listed('ENDED', at(70))).toEqual([]);
    expect(await directory.get(LICENSE, at(71))).toMatchObject({ status: 'ENDED' });
    expect(await listed('ENDING', at(71))).toEqual([]);
    expect(await listed('ENDED', at(71))).toEqual([LICENSE]);
    expect(await listed('ACTIVE', at(71))).toEqual(['l-other']);
  });

  test('the listing has every page', async () => {
    const { table, listed } = await setUp();
    const filler = 'x'.repeat(60_000);
    const ids = Array.from({ length: 40 }, (_, index) => `l-${String(index).padStart(2, '0')}`);
    for (const id of ids) {
      await table.addFacts(id, factsOf({ ...updated, offerId: filler }), at(2));
    }
    expect(await listed('ACTIVE', at(3))).toEqual(ids);
  });
});
