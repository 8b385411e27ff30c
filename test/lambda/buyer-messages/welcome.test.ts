import { EmailRefusedError } from '../../../lambda/domain/registration/ports';
import type { RegistrationConfig } from '../../../src/names';
import { Browser } from '../../support/browser';
import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { at, ARN } from '../../support/facts';
import { all } from '../../support/html';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';
import { ACME, WELCOMING } from '../../support/registration/page-states';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const posted = { 'x-amzn-marketplace-token': TOKEN };

async function start(config: RegistrationConfig = WELCOMING) {
  const app = await startIntegration(dynamo, config);
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
  const entered = () => app.bus.sent.filter(({ detailType }) => detailType === 'Buyer Email Entered');
  return {
    ...app,
    browser: new Browser(app),
    entered,
    /** Delivers the events of forms, as EventBridge does, and again. */
    deliverForms: async () => {
      for (const event of entered()) {
        await app.notify(event);
      }
    },
    confirmed: () => app.bus.sent.filter(({ detailType }) => detailType === 'Buyer Email Confirmed').map(({ detail }) => detail),
  };
}
type App = Awaited<ReturnType<typeof start>>;
const register = async ({ browser }: App, details: Record<string, string> = DETAILS) => browser.submit(await browser.arrive(posted), details);
const registrationOf = ({ bus }: App) => String(bus.sent.find(({ detailType }) => detailType === 'Buyer Registered')?.detail.registrationId);

describe('the welcome e-mail', () => {
  test('the welcome e-mail goes to the address that the buyer entered, once, and the page says that it is under way', async () => {
    const app = await start();
    const done = await register(app);
    expect(done.page.text).toContain('We are sending an email to j•••@example.com. Please confirm the address by the link in it.');
    await app.deliverForms();
    await app.deliverForms();
    expect(app.mailbox.sent).toEqual([expect.objectContaining({
      to: DETAILS.email, registrationId: registrationOf(app), subject: 'Your subscription to Acme Analytics is registered',
    })]);
    expect(app.mailbox.sent[0]?.text).toContain('1. Within 5 minutes, an invitation goes to j•••@example.com.');
    expect(app.mailbox.sent[0]?.text).toContain('an AWS account ending in 3333 registered its subscription');
    expect(app.telemetry.counts.get('WelcomeEmailsSent')).toBe(1);
  });

  test('the welcome e-mail has nothing that the buyer entered but the masked address, as anyone with a subscription may enter any address', async () => {
    const app = await start();
    await register(app, { email: 'jo@example.com', contactName: 'Visit evil.example', company: '<b>Prizes</b>' });
    await app.deliverForms();
    const { subject, text, html } = app.mailbox.sent[0]!;
    expect(`${subject}${text}${html}`).not.toMatch(/evil|Prizes|jo@example/);
  });

  test('the welcome e-mail comes in the language of the page, in the words of the seller where there are some', async () => {
    const words = { subject: 'Willkommen bei Acme', paragraphs: ['Schön, dass Sie da sind.'] };
    const app = await start({ ...WELCOMING, page: { ...ACME.page, languages: [{ tag: 'de', welcomeEmail: words }] } });
    const german = new Browser(app, '/prod', { 'Accept-Language': 'de' });
    await german.submit(await german.arrive(posted), DETAILS);
    await app.deliverForms();
    const { subject, text, html } = app.mailbox.sent[0]!;
    expect([subject, text.split('\n\n').slice(0, 3)]).toEqual([words.subject, [
      words.subject, words.paragraphs[0], expect.stringMatching(/^Bitte bestätigen Sie[^]*\/confirm\/[^?]+\?lang=de\nDer Link gilt 7 Tage\.$/),
    ]]);
    expect(html).toContain('<html lang="de">');
  });

  test('the welcome e-mail goes to a corrected address too, whose link is then the only one that confirms', async () => {
    const app = await start();
    const done = await register(app, { ...DETAILS, email: 'joo@example.com' });
    await app.deliverForms();
    const old = app.mailbox.link;
    const edit = all(done.page, 'a').find(({ text }) => text === 'Wrong address?')?.attributes.href ?? '';
    app.time.now += 1000;
    await app.browser.submit(await app.browser.get(edit), DETAILS);
    await app.deliverForms();
    expect(app.mailbox.sent.map(({ to }) => to)).toEqual(['joo@example.com', DETAILS.email]);
    expect((await app.http(old)).statusCode).toBe(400);
    expect((await app.http(app.mailbox.link)).statusCode).toBe(200);
    expect([...new Map(app.entered().map(({ detail }) => [detail.eventId, detail.enteredAgain])).values()]).toEqual([false, true]);
  });

  test('the welcome e-mail is sent later when SES fails: the registration is complete, and the event is tried again', async () => {
    const app = await start();
    app.mailbox.failure = new Error('Throttled');
    expect((await register(app)).page.text).toContain('You are all set');
    await expect(app.deliverForms()).rejects.toThrow('Throttled');
    app.mailbox.failure = undefined;
    await app.deliverForms();
    expect(app.mailbox.sent.map(({ to }) => to)).toEqual([DETAILS.email]);
  });

  test('the welcome e-mail is given up when SES refuses the address, without an error that would raise an alarm, and without the address in a log', async () => {
    const app = await start();
    await register(app);
    app.mailbox.failure = new EmailRefusedError('BadRequestException');
    await app.deliverForms();
    expect(app.telemetry.counts.get('WelcomeEmailsRefused')).toBe(1);
    expect(JSON.stringify(app.telemetry.lines)).not.toContain(DETAILS.email);
  });

  test('the welcome e-mail waits in the outbox while the bus is down, and reconciliation publishes its event', async () => {
    const app = await start();
    app.bus.available = false;
    expect((await register(app)).page.text).toContain('You are all set');
    expect(app.entered()).toEqual([]);
    app.bus.available = true;
    app.time.now += 600_000;
    await app.reconcile();
    await app.deliverForms();
    expect(app.mailbox.sent).toHaveLength(1);
  });

  test('the events of a form and of a confirmation are published once, and reconciliation has none to publish again', async () => {
    const app = await start();
    await register(app);
    await app.deliverForms();
    await app.http({ ...app.mailbox.link, method: 'POST', form: {} });
    app.time.now += 600_000;
    await app.reconcile();
    expect(app.entered()).toHaveLength(1);
    expect(app.confirmed()).toHaveLength(1);
    expect(Object.keys(await app.buyer(registrationOf(app)) ?? {}).filter((name) => name.startsWith('outbox'))).toEqual([]);
  });

  test('the welcome e-mail goes to 5 addresses of one registration at most, and to 20 of one AWS account a day', async () => {
    const app = await start();
    let done = await register(app);
    for (let other = 1; other <= 6; other++) {
      await app.deliverForms();
      const edit = all(done.page, 'a').find(({ text }) => text === 'Wrong address?')?.attributes.href ?? '';
      app.time.now += 1000;
      done = await app.browser.submit(await app.browser.get(edit), { ...DETAILS, email: `jo${other}@example.com` });
    }
    await app.deliverForms();
    expect(app.mailbox.sent).toHaveLength(5);
    for (let buyer = 0; buyer < 20; buyer++) {
      app.bus.sent.length = 0;
      app.time.now += 1000;
      const browser = new Browser(app);
      const arrived = await browser.arrive(posted);
      const edit = all(arrived.page, 'a').find(({ text }) => text === 'register another contact')?.attributes.href ?? '';
      await browser.submit(await browser.get(edit), { ...DETAILS, email: `other${buyer}@example.com` });
      await app.deliverForms();
    }
    expect(app.mailbox.sent).toHaveLength(20);
    expect(app.telemetry.counts.get('WelcomeEmailsRefused')).toBeGreaterThan(0);
  });

  test('the welcome e-mail is no event and no e-mail where the seller wants none', async () => {
    const app = await start(ACME);
    const done = await register(app);
    expect([app.entered(), done.page.text.includes('We are sending')]).toEqual([[], false]);
  });
});

describe('the link in the welcome e-mail', () => {
  async function welcomed() {
    const app = await start();
    await register(app);
    await app.deliverForms();
    return app;
  }

  test('the link in the welcome e-mail shows the masked address and a button, and the button confirms it with one event', async () => {
    const app = await welcomed();
    const asked = await app.http(app.mailbox.link);
    expect([asked.statusCode, asked.body]).toEqual([200, expect.stringMatching(/Confirm your email address[^]*j•••@example\.com/)]);
    expect(app.confirmed()).toEqual([]);
    const posts = await Promise.all([1, 2, 3].map(async () => app.http({ ...app.mailbox.link, method: 'POST', form: {} })));
    expect(posts.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303]);
    expect((await app.http(app.mailbox.link)).body).toContain('Your email address is confirmed');
    expect(new Set(app.confirmed().map(({ eventId }) => eventId)).size).toBe(1);
    expect(app.confirmed()[0]).toEqual({
      version: '1',
      eventId: expect.stringContaining(`buyer-email-confirmed:${registrationOf(app)}:`),
      productCode: PRODUCT,
      licenseId: expect.any(String),
      customerAwsAccountId: ACCOUNT,
      registrationId: registrationOf(app),
      confirmedAt: expect.any(String),
    });
    expect(app.telemetry.counts.get('BuyerEmailsConfirmed')).toBe(1);
    expect(await app.buyer(registrationOf(app))).toMatchObject({ emailConfirmedAt: expect.any(String) });
  });

  test('the link in the welcome e-mail is in no log, event or header, and the table has only its hash', async () => {
    const app = await welcomed();
    await app.http(app.mailbox.link);
    const answer = await app.http({ ...app.mailbox.link, method: 'POST', form: {} });
    const secret = app.mailbox.link.path.split('.').at(-1) ?? '';
    expect(secret).toHaveLength(43);
    expect(JSON.stringify([app.telemetry.lines, app.bus.sent, await app.everything(), { ...answer.headers, location: '' }])).not.toContain(secret);
  });

  test.each([
    ['another secret', (path: string) => `${path.slice(0, -1)}y`],
    ['another registration', (path: string) => path.replace('registration-', 'registration-9')],
    ['no secret', () => '/confirm/registration-1'],
    ['markup', () => '/confirm/%3Cscript%3E'],
  ])('the link in the welcome e-mail with %s is a page that says what to do, without a state of the registration', async (_, change) => {
    const app = await welcomed();
    const answer = await app.http({ ...app.mailbox.link, path: change(app.mailbox.link.path) });
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('This link has expired')]);
    expect(answer.body).not.toMatch(/script>|@example\.com/);
  });

  test('the link in the welcome e-mail works for 7 days', async () => {
    const app = await welcomed();
    app.time.now += 7 * 86_400_000;
    expect((await app.http(app.mailbox.link)).statusCode).toBe(400);
    expect((await app.http({ ...app.mailbox.link, method: 'POST', form: {} })).statusCode).toBe(400);
    expect(app.confirmed()).toEqual([]);
  });

  test('the link in the welcome e-mail works no more when the data of the buyer are deleted, and nothing of the address is left', async () => {
    const app = await welcomed();
    await app.buyerData({ forgetBuyer: { email: DETAILS.email } });
    expect((await app.http(app.mailbox.link)).statusCode).toBe(400);
    for (const event of app.entered()) {
      await app.notify(event);
    }
    expect(app.mailbox.sent).toHaveLength(1);
    expect((await app.everything()).filter((item) => item?.type === 'Buyer')).toEqual([]);
  });

  test('the link in the welcome e-mail is confirmed while the bus is down, and reconciliation publishes the event', async () => {
    const app = await welcomed();
    app.bus.available = false;
    expect((await app.http({ ...app.mailbox.link, method: 'POST', form: {} })).statusCode).toBe(303);
    app.bus.available = true;
    app.time.now += 600_000;
    await app.reconcile();
    expect(app.confirmed()).toHaveLength(1);
  });

  test('the link in the welcome e-mail takes no other method', async () => {
    const app = await welcomed();
    expect(await app.http({ ...app.mailbox.link, method: 'DELETE' })).toMatchObject({ statusCode: 405, headers: { allow: 'GET, POST' } });
  });
});

test('an export of a buyer shows what is known of the address, and no secret', async () => {
  const app = await start();
  await register(app);
  await app.deliverForms();
  const exported = await app.buyerData({ exportBuyer: { email: DETAILS.email } });
  expect(exported).toMatchObject({ registrations: [{ email: DETAILS.email, welcomes: 1, welcomedAt: new Date(at(0)).toISOString() }] });
  expect(JSON.stringify(exported)).not.toMatch(/tokenHash|outbox/);
});
