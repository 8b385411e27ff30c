import { Browser } from '../../support/browser';
import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { ARN, LICENSE } from '../../support/facts';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const posted = { 'x-amzn-marketplace-token': TOKEN };
const DAY_MS = 86_400_000;
jest.setTimeout(30_000);

/** A license that is registered shows the form on a page of its own. */
async function signUp(app: Awaited<ReturnType<typeof startIntegration>>, details: Record<string, string>): Promise<void> {
  const browser = new Browser(app);
  await browser.arrive(posted);
  await browser.submit(await browser.get(`${browser.url}/edit`), details);
}

/** A license keeps the ids of its first and its latest 20 registrations. */
const MORE_THAN_REMEMBERED = 23;

/** Buyers of two accounts with addresses like `canary-1@…`: one license that is registered so often, and an account without a license. */
async function buyers(times = 4) {
  const app = await startIntegration(dynamo, {});
  app.time.now = Date.parse('2026-08-20T14:24:00Z');
  const register = async (customerAwsAccountId: string, email: string, licenseArn?: string) => {
    app.resolver.answer = () => ({ customerAwsAccountId, productCode: PRODUCT, ...licenseArn === undefined ? {} : { licenseArn } });
    await signUp(app, { ...DETAILS, email });
    app.time.now += 1_000;
  };
  for (let index = 0; index < times; index += 1) {
    await register(ACCOUNT, `canary-${index}@one.example`, ARN);
    await register('444455556666', `canary-${index}@two.example`);
  }
  const stored = async (of: string) => (JSON.stringify(await app.everything()).match(new RegExp(`canary-\\d+@${of}`, 'g')) ?? []).length;
  return { app, register, stored };
}

const count = (answer: object) => ('registrations' in answer ? (answer.registrations as unknown[]).length : answer);

test('all data of a buyer who registered many times is exported and deleted, by license or by account', async () => {
  const { app, stored } = await buyers(MORE_THAN_REMEMBERED);
  expect([await stored('one.example'), await stored('two.example')]).toEqual([MORE_THAN_REMEMBERED, MORE_THAN_REMEMBERED]);
  expect(count(await app.buyerData({ exportBuyer: { licenseId: LICENSE } }))).toBe(MORE_THAN_REMEMBERED);
  const exported = await app.buyerData({ exportBuyer: { customerAwsAccountId: '444455556666' } });
  expect(exported).toMatchObject({
    registrations: expect.arrayContaining([expect.objectContaining({ ...DETAILS, email: 'canary-7@two.example' })]) as object,
    otherCopies: expect.arrayContaining([expect.stringContaining('35 days')]) as object,
  });
  expect(count(await app.buyerData({ forgetBuyer: { licenseId: LICENSE } }))).toBe(MORE_THAN_REMEMBERED);
  expect([await stored('one.example'), await stored('two.example')]).toEqual([0, MORE_THAN_REMEMBERED]);
  expect(count(await app.buyerData({ forgetBuyer: { customerAwsAccountId: '444455556666' } }))).toBe(MORE_THAN_REMEMBERED);
  expect([await stored('one.example'), await stored('two.example')]).toEqual([0, 0]);
  expect(JSON.stringify(app.telemetry.lines)).not.toContain('canary');
  expect((await app.item(LICENSE))?.registeredAt).toBeDefined();
});

test('the data of one person is found by the e-mail address, in any case, over all accounts', async () => {
  const { app, register, stored } = await buyers();
  await register(ACCOUNT, 'Canary-3@Two.example', ARN);
  expect(count(await app.buyerData({ exportBuyer: { email: ' canary-3@TWO.example ' } }))).toBe(2);
  expect(count(await app.buyerData({ forgetBuyer: { email: 'canary-3@two.example' } }))).toBe(2);
  expect(await stored('two.example')).toBe(3);
});

test('of an account with several licenses, only those of the license that was asked for are deleted', async () => {
  const { app, register, stored } = await buyers();
  await app.deliver(fixture('observed-2-license-updated-manufacturer'));
  await register(ACCOUNT, 'canary-99@other.example', ARN.replace(LICENSE, 'l-other'));
  await app.buyerData({ forgetBuyer: { licenseId: LICENSE } });
  expect([await stored('one.example'), await stored('other.example')]).toEqual([0, 1]);
});

test.each([
  [{}], [null], [{ exportBuyer: {} }], [{ forgetBuyer: { email: 'a@b.c', licenseId: LICENSE } }], [{ forgetBuyer: { email: '' } }],
  [{ exportBuyer: { email: 'a@b.c' }, forgetBuyer: { email: 'a@b.c' } }],
])('a request like %j is refused with the right form, and deletes nothing', async (event) => {
  const app = await startIntegration(dynamo, {});
  expect(await app.buyerData(event)).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
});

test('a buyer that is unknown has no data', async () => {
  const app = await startIntegration(dynamo, {});
  for (const buyer of [{ licenseId: 'l-unknown' }, { customerAwsAccountId: '000000000000' }, { email: 'a@b.c' }]) {
    expect(count(await app.buyerData({ forgetBuyer: buyer }))).toBe(0);
  }
});

describe('how long what buyers entered is kept', () => {
  const expiryOf = async (app: Awaited<ReturnType<typeof startIntegration>>, id: string) => {
    const { expiresAt, savedAt } = await app.buyer(id) ?? {};
    return expiresAt === undefined ? undefined : Math.round((Number(expiresAt) * 1_000 - Date.parse(String(savedAt))) / DAY_MS);
  };

  async function registered(config: Parameters<typeof startIntegration>[1], times: number) {
    const app = await startIntegration(dynamo, config);
    app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
    for (let index = 0; index < times; index += 1) {
      await signUp(app, DETAILS);
    }
    return { app, ids: ((await app.item(LICENSE))?.registrationIds ?? []) as string[] };
  }

  test('what a buyer entered is kept until it is deleted, unless the seller chose a time', async () => {
    const forever = await registered({}, 1);
    expect(await expiryOf(forever.app, String(forever.ids[0]))).toBeUndefined();
    const year = await registered({ buyerDataRetentionSeconds: 365 * 86_400 }, 1);
    expect(await expiryOf(year.app, String(year.ids[0]))).toBe(365);
  });

  test('what former buyers of a license entered expires 90 days after the license was registered again', async () => {
    const { app, ids } = await registered({}, 3);
    expect(await Promise.all(ids.map(async (id) => expiryOf(app, id)))).toEqual([90, 90, undefined]);
    const short = await registered({ buyerDataRetentionSeconds: 7 * 86_400 }, 2);
    expect(await Promise.all(short.ids.map(async (id) => expiryOf(short.app, id)))).toEqual([7, 7]);
  });
});
