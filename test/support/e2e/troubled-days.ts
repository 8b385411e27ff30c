import { Duration } from 'aws-cdk-lib';
import { integrate, provisioning, synthesize } from './assemblies';
import { ProductInSandbox, useProduct } from './use-product';
import { Buyer } from '../../../examples/typescript/demo/buyer';
import { DETAILS } from '../buyer-details';

/** A product whose state two plays of the same story can be compared by. */
export function useTroubledProduct(): ProductInSandbox {
  return useProduct(() => synthesize((stack) => {
    provisioning(stack, integrate(stack, { runEvery: Duration.hours(1) }), 'Provision');
  }), '2026-11-30T20:00:00Z');
}

/** Half a day over the end of a month, in which much fails: functions crash, and calls are throttled, refused or not answered. */
async function story({ product, sandbox }: ProductInSandbox): Promise<void> {
  const first = await product.purchase({ customerAwsAccountId: '111122223333' });
  const second = await product.purchase({ customerAwsAccountId: '111122223333' });
  const buyer = new Buyer('Ada');
  await buyer.register(await buyer.setUpAccount(first.fulfillment), DETAILS);
  await sandbox.addFault({ service: 'lambda', function: 'MarketplaceAgreements', error: 'Crashed', times: 1 });
  await product.advance('PT10M');

  const usage = async (id: string, license: string, quantity: number) =>
    product.send({ id, license, dimension: 'ApiCalls', quantity, time: await product.now() });
  // One record alone: what else a process has under way when it dies depends on real time.
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

/**
 * Plays the story again and again, and expects the same state after each, byte by byte. Every third round starts with
 * new processes: warm functions make no difference either.
 */
export async function expectSameStates(on: ProductInSandbox, rounds: number): Promise<void> {
  await story(on);
  const first = JSON.stringify(await on.sandbox.state());
  expect(JSON.parse(first).meteringRecords.length).toBeGreaterThan(10);
  for (let round = 2; round <= rounds; round++) {
    await on.sandbox.reset({ keepProcesses: round % 2 > 0 });
    await story(on);
    const again = JSON.stringify(await on.sandbox.state());
    expect(differences(JSON.parse(first), JSON.parse(again))).toEqual([]);
    expect(again).toBe(first);
  }
}

/** Where two states differ: easier to read than both. */
function differences(a: unknown, b: unknown, path = ''): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b ? [] : [`${path}: ${String(a)} and ${String(b)}`];
  }
  const [left, right] = [a, b] as readonly Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => differences(left[key], right[key], `${path}/${key}`));
}
