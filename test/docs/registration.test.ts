import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { Page } from './page';
import { DetailType } from '../../src/names';
import { Browser } from '../support/browser';
import { DETAILS } from '../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../support/dynoxide';
import { fixture } from '../support/events';
import { ARN, LICENSE } from '../support/facts';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const page = new Page('docs/registration.md');
const [payload, answer, subscription] = page.fences('json').map((text) => JSON.parse(text) as Record<string, unknown>);
const named = (below: string) => page.rows(below).flatMap(([names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => String(name)));
const posted = { 'x-amzn-marketplace-token': TOKEN, 'x-amzn-marketplace-offer-type': 'free-trial' };

async function arrive(config: Parameters<typeof startIntegration>[1]) {
  const app = await startIntegration(dynamo, config);
  app.time.now = Date.parse('2026-08-20T14:24:30Z');
  await app.deliver(fixture('observed-2-license-updated-manufacturer'));
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
  const browser = new Browser(app);
  return { app, browser, first: await browser.arrive(posted) };
}

test('a claim is made and answered as the page says', async () => {
  const { app, first } = await arrive({ signUpUrl: 'https://app.example.com/sign-up' });
  const code = new URL(String(first.headers?.location)).searchParams.get('code');
  expect(await app.register(payload)).toMatchObject({ error: { code: 'INVALID_CODE' } });
  const claimed = await app.register({ claimRegistration: { ...payload?.claimRegistration as object, code } });
  expect(Object.keys(claimed)).toEqual(Object.keys(answer ?? {}));
  expect(named('## Your own sign-up page')).toEqual([...Object.keys(claimed), 'INVALID_CODE', 'INVALID_REQUEST']);
});

test('what a buyer entered is stored where the page says', async () => {
  const { app, browser, first } = await arrive({});
  await browser.submit(first, DETAILS);
  const buyer = await app.buyer(String(app.bus.sent.at(-1)?.detail.registrationId));
  expect(named('### What buyers enter').sort()).toEqual(Object.keys(buyer ?? {}).sort());
});

test('a subscription has the attributes that the page shows and names', async () => {
  const { app, browser, first } = await arrive({});
  await browser.submit(first, DETAILS);
  const active = await app.item(LICENSE) ?? {};
  expect(Object.keys(active)).toEqual(expect.arrayContaining(Object.keys(subscription ?? {})));
  await app.deliver(fixture('observed-3-ended-proposer'));
  const ending = await app.item(LICENSE) ?? {};
  const ofOthers = ['continuation', 'pendingReason', 'freeTrial', 'trialEndsAt', 'cutOver', 'migratedFrom', 'continuesAs'];
  expect(Object.keys(ending)).toEqual(expect.arrayContaining(named('## Reading subscriptions').filter((name) => !ofOthers.includes(name))));
});

test('the page names each event of a subscription and its usage, with its schema', () => {
  const rows = page.text.split('\n').filter((line) => line.startsWith('| [`'));
  const events = rows.flatMap((row) => [...row.matchAll(/\[`([^`]+)`\]/g)].map(([, name]) => name));
  expect(events.sort()).toEqual(Object.values(DetailType).sort());
  const dead = page.links().map((target) => target.split('#')[0] ?? '').filter((target) => !existsSync(path.join(__dirname, '../../docs', target)));
  expect(dead).toEqual([]);
});
