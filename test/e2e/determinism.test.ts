import { SandboxState } from 'cdk-marketplace-saas-sandbox';
import { Duration } from 'aws-cdk-lib';
import { Buyer } from '../../examples/typescript/demo/buyer';
import { integrate, provisioning, synthesize } from '../support/e2e/assemblies';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(300_000);

const ROUNDS = 20;

const on = useProduct(() => synthesize((stack) => {
  provisioning(stack, integrate(stack, { runEvery: Duration.hours(1) }), 'Provision');
}), '2026-11-30T20:00:00Z');

/** Half a day over a month's end, in which much goes wrong. */
async function story(): Promise<void> {
  const { product, sandbox } = on;
  const first = await product.purchase({ customerAwsAccountId: '111122223333' });
  const second = await product.purchase({ customerAwsAccountId: '111122223333' });
  const buyer = new Buyer('Ada');
  await buyer.register(await buyer.setUpAccount(first.fulfillment), { company: 'Lovelace', contactName: 'Ada', email: 'ada@example.com' });
  await sandbox.addFault({ service: 'lambda', function: 'MarketplaceAgreements', error: 'Crashed', times: 1 });
  await product.advance('PT10M');

  const usage = async (id: string, license: string, quantity: number) =>
    product.send({ id, license, dimension: 'ApiCalls', quantity, time: await product.now() });
  // one record alone: what else a process has under way when it dies is nobody's to tell
  await usage('a', first.licenseId, 10);
  await sandbox.addFault({ service: 'dynamodb', function: 'MarketplaceUsageIntake', crash: 'after', times: 1, skip: 1 });
  await product.advance('PT5M');
  await usage('b', second.licenseId, 3);
  await sandbox.addFault({ service: 'metering', error: 'ThrottlingException', times: 3 });
  await product.advance('PT2H');

  await usage('c', first.licenseId, 8);
  await usage('c', first.licenseId, 8);
  await usage('b', second.licenseId, 4);
  await sandbox.addFault({ service: 'metering', error: { code: 'Unprocessed', count: 1 }, times: 2 });
  await sandbox.addFault({ service: 'metering', error: { code: 'InternalServiceErrorException', after: true }, times: 2 });
  await sandbox.addFault({ service: 'events', operation: 'PutEvents', error: 'InternalFailure', times: 2 });
  await product.advance('PT3H');

  await product.send({ id: 'late', license: first.licenseId, dimension: 'StorageGb', quantity: 2, time: await product.hoursAgo(4) });
  await usage('d', second.licenseId, 6);
  await product.cancel(second.agreementId);
  await product.advance('PT5H');
  await product.send({ id: 'too-late', license: second.licenseId, dimension: 'ApiCalls', quantity: 2, time: await product.hoursAgo(5) });
  await product.advance('PT1H');
}

test('the same story ends in the same state, byte by byte, twenty times', async () => {
  const { sandbox } = on;
  await story();
  const first = comparable(await sandbox.state());
  expect(JSON.parse(first).meteringRecords.length).toBeGreaterThan(10);
  for (let round = 2; round <= ROUNDS; round++) {
    // cold functions or warm ones: no difference either
    await sandbox.reset({ keepProcesses: round % 5 > 0 });
    await story();
    const again = comparable(await sandbox.state());
    expect(differences(JSON.parse(first), JSON.parse(again))).toEqual([]);
    expect(again).toBe(first);
  }
});

/** A registration has an id drawn at random, and a time with the real milliseconds of the handler's run: both by design. */
function comparable(state: SandboxState): string {
  const ids = state.subscriptions.flatMap(({ registrationIds }) => registrationIds as readonly string[]);
  expect(ids).toHaveLength(1);
  return JSON.stringify(state).replaceAll(ids[0], 'registration-1').replaceAll(/("registeredAt":"[^".]*)\.\d{3}Z/g, '$1Z');
}

/** Where two states differ: easier to read than both. */
function differences(a: unknown, b: unknown, path = ''): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b ? [] : [`${path}: ${String(a)} and ${String(b)}`];
  const [left, right] = [a, b] as readonly Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => differences(left[key], right[key], `${path}/${key}`));
}
