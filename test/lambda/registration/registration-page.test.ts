import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { Browser } from '../../support/browser';
import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { ARN, LICENSE } from '../../support/facts';
import { all, type Element, parseHtml } from '../../support/html';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const posted = { 'x-amzn-marketplace-token': TOKEN };
const config = { productName: 'Acme <Analytics>', supportEmail: 'help@acme.example', supportUrl: 'https://acme.example/help', loginUrl: 'https://acme.example/in' };

async function arrived(stage?: string) {
  const app = await startIntegration(dynamo, config);
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
  const browser = new Browser(app, stage);
  const form = await browser.arrive(posted);
  return { app, browser, form };
}

const byTag = (page: Element, tag: string) => all(page, tag);
const heading = (page: Element) => byTag(page, 'h1').map((element) => element.text);

describe('the registration form', () => {
  test('the form can be completed by keyboard and screen reader, without a script', async () => {
    const { form: { page, statusCode } } = await arrived();
    expect(statusCode).toBe(200);
    expect(byTag(page, 'html')[0]?.attributes.lang).toBe('en');
    expect(heading(page)).toEqual(['Set up your account']);
    expect(byTag(page, 'title')[0]?.text).toContain('Acme <Analytics>');
    const inputs = byTag(page, 'input').filter(({ attributes }) => attributes.type !== 'hidden');
    expect(inputs.map(({ attributes }) => attributes.name)).toEqual(Object.keys(DETAILS));
    for (const { attributes } of inputs) {
      expect(attributes).toMatchObject({ required: '', autocomplete: expect.stringMatching(/./) as string });
      expect(byTag(page, 'label').filter((label) => label.attributes.for === attributes.id)).toHaveLength(1);
    }
    expect(inputs.find(({ attributes }) => attributes.name === 'email')?.attributes.type).toBe('email');
    expect(byTag(page, 'button')[0]?.attributes.type).toBe('submit');
    expect(byTag(page, 'script')).toEqual([]);
  });

  test('the form shows support and log-in, and loads nothing from other hosts', async () => {
    const { form: { page, headers = {} } } = await arrived();
    const links = byTag(page, 'a').map(({ attributes }) => attributes.href);
    expect(links).toEqual(expect.arrayContaining(['https://acme.example/in', 'mailto:help@acme.example', 'https://acme.example/help']));
    expect([...byTag(page, 'link'), ...byTag(page, 'img')].map(({ attributes: { href, src } }) => href ?? src)).toEqual([expect.stringMatching(/^data:/)]);
    const style = byTag(page, 'style')[0]?.text ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'strict-transport-security': 'max-age=31536000',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('payment=()') as string,
      'content-type': 'text/html; charset=UTF-8',
    });
  });

  test.each(['/prod', '', '/some/base'])('the form works under the base path %p', async (stage) => {
    const { app, browser, form } = await arrived(stage);
    const done = await browser.submit(form, DETAILS);
    expect(heading(done.page)).toEqual(['You are all set']);
    expect(browser.url).toMatch(new RegExp(`^https://seller.example${stage}/register/[\\w-]{16}$`));
    expect(await app.item(LICENSE)).toMatchObject({ registeredAt: expect.any(String) as string });
  });

  test('below a domain that products share, the cookie goes to the pages of its registration only', async () => {
    const app = await startIntegration(dynamo, { ...config, basePath: 'backup' });
    app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
    const { headers = {} } = await app.http({ method: 'POST', path: '/', stage: '/backup', form: posted });
    const id = /register\/([\w-]{16})$/.exec(String(headers.location))?.[1] ?? '';
    expect(String(headers['set-cookie'])).toMatch(
      new RegExp(`^__Secure-registration-${id}=[\\w-]{43}; Max-Age=3600; Path=/backup/register/${id}; HttpOnly; Secure; SameSite=Lax$`));

    const browser = new Browser(app, '/backup');
    const done = await browser.submit(await browser.arrive(posted), DETAILS);
    expect(heading(done.page)).toEqual(['You are all set']);
  });

  test('the form works when the browser posts to the stage without a slash', async () => {
    const { app } = await arrived();
    const answer = await app.register({
      httpMethod: 'POST',
      path: '/',
      resource: '/',
      requestContext: { path: '/prod' },
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: Buffer.from(new URLSearchParams(posted).toString()).toString('base64'),
      isBase64Encoded: true,
    });
    expect(answer).toMatchObject({ statusCode: 303, headers: { location: expect.stringMatching(/^\.\/prod\/register\/[\w-]{16}$/) as string } });
  });

  test('personal data is in the registrations table and nowhere else', async () => {
    const { app, browser, form } = await arrived();
    await browser.submit(form, DETAILS);
    const everything = JSON.stringify([await app.item(LICENSE), app.bus.sent, app.telemetry.lines]);
    expect(everything).not.toMatch(/Example Corp|Jo Doe|jo@example/);
    expect(app.bus.types).toEqual(['Buyer Registered']);
    const id = String(app.bus.sent[0]?.detail.registrationId);
    expect(await app.buyer(id)).toMatchObject({ ...DETAILS, licenseId: LICENSE, customerAwsAccountId: ACCOUNT });
  });

  test('the form shows each problem next to its field, and keeps what was entered', async () => {
    const { app, browser, form } = await arrived();
    const entered = { ...DETAILS, company: ' ', contactName: '"><script>alert(1)</script>', email: 'no address' };
    const again = await browser.submit(form, entered);
    expect(again.statusCode).toBe(422);
    const problems = byTag(again.page, 'p').filter(({ attributes }) => attributes.class === 'problem');
    expect(problems.map(({ attributes, text }) => [attributes.id, text])).toEqual([
      ['email-problem', 'Enter an email address like name@example.com'], ['company-problem', 'Fill in “Company”'],
    ]);
    const inputs = byTag(again.page, 'input').filter(({ attributes }) => attributes.type !== 'hidden');
    expect(inputs.map(({ attributes: { name, value } }) => [name, value])).toEqual(Object.entries({ ...entered, company: '' }));
    const wrong = inputs.filter(({ attributes }) => attributes['aria-invalid'] === 'true');
    expect(wrong.map(({ attributes }) => attributes['aria-describedby'])).toEqual(['email-problem', 'company-problem']);
    expect(byTag(again.page, 'div').map(({ attributes }) => attributes.role)).toContain('alert');
    expect(byTag(again.page, 'title')[0]?.text).toMatch(/^Error: /);
    expect(inputs.filter(({ attributes }) => 'autofocus' in attributes).map(({ attributes }) => attributes.name)).toEqual(['email']);
    expect((await app.item(LICENSE))?.registeredAt).toBeUndefined();
    const done = await browser.submit(again, { ...DETAILS, contactName: '"><script>alert(1)</script>' });
    expect(heading(done.page)).toEqual(['You are all set']);
  });

  test('a form that is sent twice registers once', async () => {
    const { app, browser, form } = await arrived();
    await browser.submit(form, DETAILS);
    app.time.now += 5_000;
    await browser.submit(form, { ...DETAILS, email: 'jo.doe@example.com' });
    expect(app.bus.types).toEqual(['Buyer Registered']);
    expect(app.telemetry.values.BuyersRegistered).toBe(1);
    expect(await app.buyer(String(app.bus.sent[0]?.detail.registrationId))).toMatchObject({ email: 'jo.doe@example.com' });
  });

  test('a form that is sent many times at once registers and counts once, and one of the sent addresses is kept', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 2, max: 6 }), async (times) => {
      const { app, browser, form } = await arrived();
      const csrf = byTag(form.page, 'input').find(({ attributes }) => attributes.name === 'csrf')?.attributes.value ?? '';
      const headers = { Cookie: [...browser.cookies].map((cookie) => cookie.join('=')).join('; ') };
      const path = new URL(browser.url).pathname.replace('/prod', '');
      const answers = await Promise.all(Array.from({ length: times }, async (_, index) =>
        app.http({ method: 'POST', path, headers, form: { ...DETAILS, email: `jo${index}@example.com`, csrf } })));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 303));
      expect(app.telemetry.values.BuyersRegistered).toBe(1);
      expect(new Set(app.bus.sent.map(({ detail }) => detail.eventId)).size).toBe(1);
      expect((await app.buyer(String(app.bus.sent[0]?.detail.registrationId)))?.email).toMatch(/^jo[0-5]@example\.com$/);
    }), { numRuns: 10 });
  });

  test('a form without the CSRF token of its session is refused', async () => {
    const { app, browser, form } = await arrived();
    const foreign = await new Browser(app).arrive(posted);
    const csrf = byTag(foreign.page, 'input').find(({ attributes }) => attributes.name === 'csrf')?.attributes.value ?? '';
    for (const forged of ['', 'guessed', csrf]) {
      const answer = await browser.submit(form, { ...DETAILS, csrf: forged });
      expect([answer.statusCode, ...heading(answer.page)]).toEqual([403, 'The form was not accepted']);
    }
    expect((await app.item(LICENSE))?.registeredAt).toBeUndefined();
  });

  test('the form is not shown without a session, or after an hour', async () => {
    const { app, browser } = await arrived();
    for (const answer of [await new Browser(app).get(browser.url), await new Browser(app).get('register'), await browserWith(app, 'x'.repeat(43)).get('register/xxxxxxxxxxxxxxxx')]) {
      expect([answer.statusCode, ...heading(answer.page)]).toEqual([400, 'Your session has ended']);
    }
    app.time.now += 3_600_000;
    expect(heading((await browser.get(browser.url)).page)).toEqual(['Your session has ended']);
  });

  test('a failure to save shows the form again with what was entered, and not the cause', async () => {
    const { app, browser, form } = await arrived();
    app.fail(Object.assign(new Error('Table arn:aws:dynamodb:secret is on fire, jo@example.com'), { name: 'ProvisionedThroughputExceededException' }));
    const answer = await browser.submit(form, DETAILS);
    expect(answer.statusCode).toBe(503);
    expect(heading(answer.page)).toEqual(['Set up your account']);
    expect(answer.headers).toMatchObject({ 'retry-after': '5' });
    expect(byTag(answer.page, 'input').find(({ attributes }) => attributes.name === 'email')?.attributes.value).toBe(DETAILS.email);
    expect(answer.body).not.toMatch(/arn:aws|fire/);
    expect(app.telemetry.lines.join()).not.toContain('jo@example.com');
    expect(app.telemetry.values.RegistrationFailures).toBe(1);
    app.fail(undefined);
    expect(heading((await browser.submit(answer)).page)).toEqual(['You are all set']);
  });
});

describe('other requests', () => {
  test.each(['', '/register', '/elsewhere'])('the page at %p is complete HTML', async (path) => {
    const app = await startIntegration(dynamo, {});
    const { body } = await app.http({ path: path || '/' });
    expect(heading(parseHtml(body))).toHaveLength(1);
  });

  test('a bookmark of the fulfillment URL shows a page with the way back to AWS Marketplace', async () => {
    const app = await startIntegration(dynamo, config);
    const { page, statusCode } = await new Browser(app).get('');
    expect(statusCode).toBe(200);
    expect(page.text).toContain('Set up your account');
    expect(byTag(page, 'a').map(({ attributes }) => attributes.href)).toContain('https://console.aws.amazon.com/marketplace/home#/subscriptions');
  });

  test.each([['PUT', '/', 405], ['DELETE', '/register/x', 405], ['TRACE', '/', 405], ['CONNECT', '/', 405], ['no method', '/', 405], ['GET', '/admin', 404], ['HEAD', '/', 200]] as const)('%s %s is answered with status %i', async (method, path, status) => {
    const app = await startIntegration(dynamo, config);
    const answer = await app.http({ method, path });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', ...(status === 405 ? { allow: 'GET, POST' } : {}) });
  });

  test('headers that no browser sends do not fail a request', async () => {
    const app = await startIntegration(dynamo, config);
    expect(await app.http({ path: '/', headers: { 'Cookie': '\u2603', 'X-\u0000': 'x', 'Content-Type': 'a\r\nb' } })).toMatchObject({ statusCode: 200 });
  });
});

function browserWith(app: ConstructorParameters<typeof Browser>[0], cookie: string): Browser {
  const browser = new Browser(app);
  browser.cookies.set('__Host-registration-xxxxxxxxxxxxxxxx', cookie);
  return browser;
}
