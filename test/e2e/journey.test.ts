import { PurchaseResult } from 'cdk-marketplace-saas-sandbox';
import { Buyer } from '../../examples/typescript/demo/buyer';
import { balance } from '../../examples/typescript/demo/ledger';
import { DETAILS } from '../support/buyer-details';
import { synthesizeExample } from '../support/e2e/assemblies';
import { MONDAY, useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const ACCOUNT = '111122223333';
const ADA = { ...DETAILS, company: 'Lovelace Analytical Ltd', contactName: 'Ada Byron King', email: 'ada.king@analytical.example' };
const GRACE = { ...DETAILS, company: 'Hopper Compilers Inc', contactName: 'Grace Brewster', email: 'grace.b@compilers.example' };

const on = useProduct(synthesizeExample, MONDAY, ['SaasProduct']);

async function register(bought: PurchaseResult, details: typeof ADA): Promise<string> {
  const buyer = new Buyer(details.contactName);
  return (await buyer.register(await buyer.setUpAccount(bought.fulfillment), details)).title;
}

test('two licenses of one account are bought, registered, provisioned and metered, and one is cancelled with its final hour billed', async () => {
  const { product } = on;
  // as observed: AWS's events came before the buyer's browser
  const first = await product.purchase({ customerAwsAccountId: ACCOUNT });
  await product.advance('PT2M');
  expect(await product.statusOf(first.licenseId)).toBe('ACTIVE');
  expect(await register(first, ADA)).toBe('You are all set');
  expect(await product.tenantOf(first.licenseId)).toBe('opened at 2026-11-16T08:01:12Z');

  // the other way round, and the same account again
  const second = await product.purchase({ customerAwsAccountId: ACCOUNT });
  expect(await register(second, GRACE)).toBe('You are all set');
  expect(await product.statusOf(second.licenseId)).toBe('PENDING');
  expect(await product.tenantOf(second.licenseId)).toBe('not there');
  await product.advance('PT2M');
  expect(await product.statusOf(second.licenseId)).toBe('ACTIVE');
  expect(await product.tenantOf(second.licenseId)).toMatch(/^opened/);

  const redelivered = { id: 'job-1', license: first.licenseId, dimension: 'ApiCalls', quantity: 7, time: await product.now() };
  for (let delivery = 0; delivery < 3; delivery++) await product.report(redelivered);
  await product.use(first.licenseId, 'StorageGb', 3);
  await product.use(second.licenseId, 'ApiCalls', 5);
  await product.advance('PT1H');
  await product.use(first.licenseId, 'ApiCalls', 11);
  await product.advance('PT30M');
  expect(await product.billedHours(first.licenseId)).toEqual({ '2026-11-16T08': 7 });
  expect(await product.billedHours(first.licenseId, 'StorageGb')).toEqual({ '2026-11-16T08': 3 });
  expect(await product.billedHours(second.licenseId)).toEqual({ '2026-11-16T08': 5 });

  // a cancellation in the middle of an hour: the hour is billed, with what the app reports when it receives Subscription Ending
  await product.use(second.licenseId, 'ApiCalls', 13);
  await product.cancel(second.agreementId);
  await product.advance('PT3M');
  expect(await product.statusOf(second.licenseId)).toBe('ENDING');
  await product.report({ id: 'last-call', license: second.licenseId, dimension: 'ApiCalls', quantity: 2, time: await product.now() });
  await product.advance('PT20M');
  expect(await product.billedHours(second.licenseId)).toEqual({ '2026-11-16T08': 5, '2026-11-16T09': 15 });
  await product.advance('PT50M');
  expect(await product.statusOf(second.licenseId)).toBe('ENDED');
  expect(await product.tenantOf(second.licenseId)).toMatch(/^closed/);
  await product.report({ id: 'too-late', license: second.licenseId, dimension: 'ApiCalls', quantity: 4, time: await product.hoursAgo(1) });
  await product.advance('PT1H');

  expect(await product.statusOf(first.licenseId)).toBe('ACTIVE');
  const books = await balance(product);
  expect(books.filter((row) => !row.balances)).toEqual([]);
  expect(books).toContainEqual(expect.objectContaining({ license: second.licenseId, metered: 20, rejected: 4, reasons: ['LicenseEnded'] }));
  expect((await product.events()).map((event) => event['detail-type']).sort()).toEqual([
    'Buyer Registered', 'Buyer Registered', 'Subscription Activated', 'Subscription Activated',
    'Subscription Ended', 'Subscription Ending', 'Usage Rejected',
  ]);
  await expectSecretsKept([first, second]);
});

/** Tokens go nowhere, personal data goes into its own table and nowhere else. */
async function expectSecretsKept(purchases: readonly PurchaseResult[]): Promise<void> {
  const { product } = on;
  const tokens = purchases.map(({ registrationToken }) => registrationToken);
  const personal = [ADA, GRACE].flatMap((details) => Object.values(details));
  const tables = Object.entries(await product.tables());
  const registrations = tables.filter(([name]) => name.includes('Registrations'));
  expect(registrations).toHaveLength(1);
  const logs = Object.values(await product.sandbox.logs()).flat();
  expect(logs.length).toBeGreaterThan(10);

  const elsewhere = JSON.stringify([logs, await product.events(), tables.filter((table) => !registrations.includes(table))]);
  expect([...tokens, ...personal].filter((secret) => elsewhere.includes(secret))).toEqual([]);
  const there = JSON.stringify(registrations);
  expect(personal.filter((datum) => !there.includes(datum))).toEqual([]);
  expect(tokens.filter((token) => there.includes(token))).toEqual([]);
}
