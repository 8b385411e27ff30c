import { Browser } from '../../support/browser';
import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { ARN, LICENSE } from '../../support/facts';
import { all, type Element, parseHtml } from '../../support/html';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';
import { ACME, ASKING, pageStates } from '../../support/registration/page-states';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const posted = { 'x-amzn-marketplace-token': TOKEN };
const heading = (page: Element) => all(page, 'h1')[0]?.text;
const links = (page: Element) => Object.fromEntries(all(page, 'a').map(({ text, attributes }) => [text, attributes.href ?? '']));

async function start(config = ACME) {
  const app = await startIntegration(dynamo, config);
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
  return app;
}

test('the form and the confirmation show the product, the end of the AWS account and the trial', async () => {
  const browser = new Browser(await start());
  const form = await browser.arrive({ ...posted, 'x-amzn-marketplace-offer-type': 'free-trial' });
  const done = await browser.submit(form, DETAILS);
  for (const { page } of [form, done]) {
    const [strip] = all(page, 'dl');
    expect(strip?.text.replace(/\s+/g, ' ').trim()).toBe('SubscriptionAcme Analytics Free trial AWS account•••• •••• ending in 3333');
  }
  expect(form.body + done.body).not.toContain(ACCOUNT);
});

test('a buyer who mistyped the address corrects it from the confirmation, and registers once', async () => {
  const app = await start();
  const browser = new Browser(app);
  const done = await browser.submit(await browser.arrive(posted), { ...DETAILS, email: 'joo@example.com' });
  expect(done.page.text).toContain('an invitation goes to j•••@example.com. Wrong address?');
  const form = await browser.get(links(done.page)['Wrong address?'] ?? '');
  const entered = all(form.page, 'input').map(({ attributes: { name, value } }) => [name, value]);
  expect(Object.fromEntries(entered)).toMatchObject({ phone: '', ...DETAILS, email: 'joo@example.com' });
  expect(heading((await browser.submit(form, { email: DETAILS.email })).page)).toBe('You are all set');
  const id = String(app.bus.sent[0]?.detail.registrationId);
  expect([app.bus.types, (await app.buyer(id))?.email]).toEqual([['Buyer Registered'], DETAILS.email]);
});

test('a buyer of a license that is registered finds the way to log in, and may register another contact', async () => {
  const app = await start();
  const first = new Browser(app);
  await first.submit(await first.arrive(posted), DETAILS);
  const second = new Browser(app);
  const { page } = await second.arrive(posted);
  expect(heading(page)).toBe('You are already registered');
  expect(page.text).toMatch(/This subscription was set up on \d+ \w+ \d{4} for j•••@example\.com\./);
  expect(links(page)).toMatchObject({ 'Log in to Acme Analytics': ACME.loginUrl });
  const form = await second.get(links(page)['register another contact'] ?? '');
  expect(heading(form.page)).toBe('Set up your account');
  expect(form.body).not.toContain(DETAILS.email);
  expect(heading((await second.submit(form, { ...DETAILS, email: 'eva@example.com' })).page)).toBe('You are all set');
});

test('a buyer whose subscription has ended sees when, and no form', async () => {
  const app = await start();
  app.time.now = Date.parse('2026-08-20T14:24:44Z');
  await app.deliver(...['observed-1-created-proposer', 'observed-2-license-updated-manufacturer', 'observed-3-ended-proposer'].map(fixture));
  const browser = new Browser(app);
  const { page } = await browser.arrive(posted);
  expect([heading(page), all(page, 'form')]).toEqual(['This subscription has ended', []]);
  expect(page.text).toContain('It ended on 20 August 2026');
  expect(links(page)).toMatchObject({ 'See the offer in AWS Marketplace': ACME.listingUrl });
  expect(heading((await browser.get(`${browser.url}/edit`)).page)).toBe('This subscription has ended');
});

test('two licenses in two tabs of one browser are both registered', async () => {
  const app = await start();
  const browser = new Browser(app);
  const tabs = [];
  for (const license of ['l-one', 'l-two']) {
    app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: `arn:aws:license-manager::1:license:${license}` });
    tabs.push({ form: await browser.arrive(posted), url: browser.url });
  }
  for (const { form, url } of tabs) {
    browser.url = url;
    expect(heading((await browser.submit(form, DETAILS)).page)).toBe('You are all set');
    expect(browser.url).toBe(url);
  }
  expect(app.bus.sent.map(({ detail }) => detail.licenseId)).toEqual(['l-one', 'l-two']);
});

test('every field of the seller is read, checked and stored', async () => {
  const app = await start(ASKING);
  const browser = new Browser(app);
  const form = await browser.arrive(posted);
  const again = await browser.submit(form, { ...DETAILS, phone: 'none', teamSize: 'All', useCase: 'Line\nbreak', terms: '' });
  expect(all(again.page, 'p').filter(({ attributes }) => attributes.class === 'problem').map(({ text }) => text)).toEqual([
    'Enter a phone number like +1 555 010 0199',
    'Choose one of the answers to “Team size”',
    '“What will you use it for?” must not have line breaks or control characters',
    'Agree to “I accept the terms of service.” to continue',
  ]);
  await browser.submit(again, { ...DETAILS, email: ' \u202ejo@example.com\u200b', phone: '+49 (0)30 901820', teamSize: '11–50', useCase: 'e\u0301', terms: 'yes' });
  expect(await app.buyer(String(app.bus.sent[0]?.detail.registrationId))).toMatchObject({
    ...DETAILS,
    phone: '+49 (0)30 901820',
    answers: { teamSize: '11–50', useCase: '\u00e9' },
    consents: { terms: { url: 'https://acme.example/terms', acceptedAt: new Date(app.time.now).toISOString() } },
  });
});

test('a browser that prefers German gets German, and English by a link that stays chosen', async () => {
  const app = await start();
  const browser = new Browser(app, '/prod', { 'Accept-Language': 'es-ES, de-AT;q=0.9, en;q=0.8' });
  const german = await browser.arrive(posted);
  expect([all(german.page, 'html')[0]?.attributes.lang, heading(german.page)]).toEqual(['de', 'Konto einrichten']);
  const english = await browser.get(links(german.page).English ?? '');
  expect(heading(english.page)).toBe('Set up your account');
  expect(heading((await browser.submit(english, DETAILS)).page)).toBe('You are all set');
});

test('a page of another language that has no address of its own says the same in English', async () => {
  const app = await start();
  const browser = new Browser(app, '/prod', { 'Accept-Language': 'de' });
  const { page } = await browser.arrive({});
  expect(heading(page)).toBe('Beginnen Sie in AWS Marketplace');
  expect(all(page, 'p').filter(({ attributes }) => attributes.lang === 'en').map(({ text }) => text)).toEqual([
    'Start in AWS Marketplace. You came here without the registration that AWS Marketplace sends along.',
  ]);
});

test('an error page names its request, and the log has the same name', async () => {
  const app = await start();
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: 'anotherproductcode0000000' });
  const { page } = await new Browser(app).arrive(posted);
  const [, reference = 'none'] = /Reference: (\S+)/.exec(page.text) ?? [];
  expect(links(page)['Contact support']).toBe(`mailto:support@acme.example?subject=Reference%20${reference}`);
  expect(app.telemetry.lines.join()).toContain(reference);
});

test('the log has the route of a request, not its path', async () => {
  const app = await start();
  await app.http({ path: '/register/secret-1/edit' });
  await app.http({ path: '/secret-2' });
  const log = app.telemetry.lines.join();
  expect(log).not.toContain('secret');
  expect(log).toMatch(/\/register\/:id\/edit.*other/);
});

test('the answer to a failed read of a page names no cause and says when to try again', async () => {
  const app = await start();
  const browser = new Browser(app);
  await browser.arrive(posted);
  app.fail(new Error('arn:aws:dynamodb'));
  const { statusCode, headers, page } = await browser.get(browser.url);
  expect([statusCode, headers?.['retry-after'], heading(page)]).toEqual([503, '5', 'Please try again in a moment']);
  expect(await app.item(LICENSE).catch((error: Error) => error.message)).toBe('arn:aws:dynamodb');
});

describe('the confirmation of a purchase that is not active yet', () => {
  const note = (page: Element) => all(page, 'p').find(({ attributes }) => attributes.role === 'status')?.text;

  test('says that AWS activates it when the payment is certain, until it is active', async () => {
    const app = await start();
    const browser = new Browser(app);
    const done = await browser.submit(await browser.arrive(posted), DETAILS);
    expect(note(done.page)).toContain('AWS Marketplace has not activated the subscription yet.');
    await app.deliver(fixture('license-updated-manufacturer'));
    expect(note((await browser.get(browser.url)).page)).toBeUndefined();
  });

  test('says that the agreement starts later', async () => {
    const app = await start();
    const created = fixture('created-proposer');
    const later = { ...created, detail: { ...created.detail, agreement: { ...created.detail.agreement, startTime: '2099-01-01T00:00:00Z' } } };
    await app.deliver(later);
    const browser = new Browser(app);
    const form = await browser.arrive(posted);
    await app.recorder.recordAgreementFacts(created.detail.agreement.id, {}, LICENSE, app.time.now);
    const done = await browser.submit(form, DETAILS);
    expect(note(done.page)).toContain('The agreement starts later.');
    const again = new Browser(app);
    expect(note((await again.arrive(posted)).page)).toContain('The agreement starts later.');
  });
});

test('no heading breaks a line within the word for an e-mail', async () => {
  const headings = Object.values(await pageStates()).flatMap((page) => all(parseHtml(page), 'h1').map(({ text }) => text));
  expect(headings.filter((text) => /mail/i.test(text))).toContain('Votre adresse e‑mail est confirmée');
  expect(headings.filter((text) => /e-mail/i.test(text))).toEqual([]);
});
