import type { APIGatewayProxyResult } from 'aws-lambda';
import * as fc from 'fast-check';
import { type Fault, MemoryRegistrations } from './memory-registrations';
import { ASKING, WELCOMING } from './page-states';
import { cookieOf, csrfToken, publicIdOf } from '../../../lambda/registration/session-cookie';
import { all, type Element, parseHtml } from '../html';
import { gatewayEvent } from '../integration';

/** In every hostile text, so that it is found wherever it goes. */
const CANARY = 'cAnArY';

const texts = fc.oneof(
  fc.constantFrom('"><script>alert(1)</script>', "' onfocus=alert(1) autofocus='", '<img src=x onerror=1>', '</title></style><svg onload=1>', '&lt;b&gt;&#60;', '${7*7}{{7*7}}',
    '\r\nSet-Cookie: a=b\r\n\r\n<html>', '\u202e\u2066\u0000\u001b[31m', '=cmd|\' /C calc\'!A0', '../../etc/passwd', '%3Cscript%3E', 'javascript:alert(1)', '\ud800', '😀'.repeat(90)),
  fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 12 }).map((points) => String.fromCodePoint(...points)),
  fc.array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 40 }).map((points) => String.fromCodePoint(...points)),
);
const hostile = fc.tuple(texts, fc.constantFrom('', '@')).map(([text, at]) => at === '' ? `${CANARY}${text}` : `${text}${CANARY}@${CANARY}.example`);

const value = fc.oneof({ weight: 4, arbitrary: hostile }, { weight: 1, arbitrary: fc.constantFrom('', 'jo@example.com', 'yes', '1–10') });
const names = ['email', 'contactName', 'company', 'phone', 'teamSize', 'useCase', 'terms', 'csrf', 'lang', '__proto__', 'x-amzn-marketplace-token'];
const form = fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: hostile }), value, { maxKeys: 10 });
const fault = fc.constantFrom<Fault>('NONE', 'NONE', 'NONE', 'RESOLVER', 'REFUSED', 'STORE');

const anyRequest = fc.record({
  method: fc.oneof(fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'TRACE', 'CONNECT', 'get', ''), hostile),
  path: fc.oneof(fc.constantFrom('/', '/register', '/register/x', '/register/x/edit', '//evil.example', '/register/../..'), hostile.map((text) => `/${text}`), hostile.map((text) => `/confirm/${text}`),
    hostile.map((text) => `/confirm/r-1.${text.replace(/[^\w-]/g, '').padEnd(43, 'x').slice(0, 43)}`)),
  search: fc.oneof(fc.constant(''), hostile.map((text) => `?lang=${text}`), fc.constant('?lang=de')),
  headers: fc.tuple(
    fc.dictionary(fc.oneof(fc.constantFrom('Cookie', 'Content-Type', 'Accept-Language', 'Host', 'Origin', 'X-Forwarded-Host'), hostile), hostile, { maxKeys: 4 }),
    fc.constantFrom<Record<string, string>>({}, { 'Content-Type': 'application/x-www-form-urlencoded' }),
  ).map(([any, type]) => ({ ...any, ...type })),
  body: fc.oneof(hostile, fc.constant(`x-amzn-marketplace-token=${CANARY}`), hostile.map((token) => new URLSearchParams({ 'x-amzn-marketplace-token': token }).toString()), form.map((fields) => new URLSearchParams(fields).toString())),
  fault,
});
const submitted = fc.record({ fields: form, validEmail: fc.boolean(), fault });

/** Bodies that no form is: of any bytes, any encoding, any size, and with characters that are no text. */
const raw = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })),
  hostile.map((text) => ({ body: Buffer.from(`x-amzn-marketplace-token=${text}`, 'utf16le').toString('base64'), isBase64Encoded: true })),
  fc.tuple(hostile, fc.integer({ min: 1, max: 2_000 })).map(([text, times]) => ({ body: `email=${text}`.repeat(times), isBase64Encoded: false })),
  fc.constantFrom('x-amzn-marketplace-token=%', 'email=%ff%fe%00&csrf=%E0%80', '&&==&', '\ufeff').map((body) => ({ body, isBase64Encoded: false })),
);
const sent = fc.record({ body: raw, route: fc.constantFrom('', '/edit', '/continue', '/edit/continue', '/'), method: fc.constantFrom('GET', 'POST', 'HEAD', 'PATCH', 'constructor'), fault });

/** A link in an e-mail, as it was sent or changed, followed by a browser or another program. */
const followed = fc.record({
  email: hostile,
  secret: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  change: fc.oneof(fc.constant((id: string) => id), hostile.map((text) => (id: string) => `${id}${text}`), hostile.map((text) => () => text),
    fc.nat({ max: 80 }).map((end) => (id: string) => id.slice(0, end)), fc.constant((id: string) => encodeURIComponent(id.toUpperCase()))),
  expired: fc.boolean(),
  method: fc.constantFrom('GET', 'POST', 'POST', 'HEAD', 'DELETE'),
  search: fc.oneof(fc.constant(''), hostile.map((text) => `?lang=${text}`), fc.constant('?lang=fr')),
  fault,
});

/** What a backend may send in place of a claim. */
const claimed = fc.oneof(
  fc.anything(), fc.record({ claimRegistration: fc.anything() }), fc.record({ claimRegistration: fc.record({ code: value, claimId: value }) }),
);

const HEADERS = ['cache-control', 'content-security-policy', 'strict-transport-security', 'x-frame-options', 'x-content-type-options', 'referrer-policy',
  'cross-origin-opener-policy', 'cross-origin-resource-policy', 'permissions-policy'];

/** Any request, any form and any body of a buyer with a session, any link that confirms an address, and any claim: one input each. */
export async function expectHostileInputIsHarmless(numRuns: number): Promise<void> {
  const app = new MemoryRegistrations({ ...ASKING, welcomeEmail: WELCOMING.welcomeEmail! });
  const runs = (share: number) => ({ numRuns: Math.ceil(numRuns * share) });
  type Ask = Parameters<typeof gatewayEvent>[0] & { readonly isBase64Encoded?: boolean };
  const ask = async ({ isBase64Encoded = false, ...request }: Ask) =>
    app.handle({ ...gatewayEvent(request), isBase64Encoded }) as Promise<APIGatewayProxyResult>;
  /** With AWS and the tables as they should be. */
  const arrive = async () => {
    app.fault = 'NONE';
    await ask({ method: 'POST', form: { 'x-amzn-marketplace-token': 'token' } });
    const handle = [...app.sessions.keys()].at(-1) ?? '';
    const id = publicIdOf(handle);
    return { path: `/register/${id}`, headers: { Cookie: `${cookieOf(id).name}=${handle}` }, csrf: csrfToken(handle) };
  };
  const forget = () => [app.sessions, app.buyers, app.store.subscriptions].forEach((items) => items.clear());

  await fc.assert(fc.asyncProperty(anyRequest, async (request) => {
    app.fault = request.fault;
    await expectHarmless(app, await ask(request), request.fault);
    forget();
  }), runs(0.55));
  await fc.assert(fc.asyncProperty(submitted, async ({ fields, validEmail, ...input }) => {
    const { path, headers, csrf } = await arrive();
    app.fault = input.fault;
    const good = { email: 'jo@example.com', teamSize: '1–10', terms: 'yes', phone: '' };
    const answer = await ask({ method: 'POST', path, headers, form: { ...fields, ...validEmail ? good : {}, csrf } });
    await expectHarmless(app, answer, input.fault);
    for (const next of [path, `${path}/edit`]) {
      await expectHarmless(app, await ask({ path: next, headers }), 'NONE');
    }
    forget();
  }), runs(0.2));
  await fc.assert(fc.asyncProperty(sent, async ({ body, route, method, ...input }) => {
    const { path, headers } = await arrive();
    app.fault = input.fault;
    const type = { 'Content-Type': 'application/x-www-form-urlencoded; charset=x' };
    await expectHarmless(app, await ask({ method, path: `${path}${route}`, headers: { ...headers, ...type }, ...body }), input.fault);
    await expectHarmless(app, await ask({ method, headers: type, ...body }), input.fault);
    forget();
  }), runs(0.1));

  const seen = new Set<string>();
  await fc.assert(fc.asyncProperty(followed, async ({ email, secret, change, expired, method, search, ...input }) => {
    const link = app.emails.offer('r-1', email, secret, expired ? 0 : Number.MAX_SAFE_INTEGER);
    const path = `/confirm/${change(link)}`;
    app.fault = input.fault;
    for (const step of [{ path, search }, { method, path, search }, { path, search }]) {
      const answer = await ask(step);
      await expectHarmless(app, answer, input.fault, secret);
      seen.add(`${step.method ?? 'GET'} ${answer.statusCode}`);
    }
    if (app.emails.isConfirmed('r-1') && (expired || method !== 'POST' || path !== `/confirm/${link}`)) {
      throw new Error(`${method} ${path} confirmed ${link}, ${expired ? 'which has expired' : 'which was another one'}`);
    }
  }), runs(0.1));
  if (!['GET 200', 'GET 400', 'POST 303', 'POST 400', 'DELETE 405', 'GET 404'].every((answer) => seen.has(answer))) {
    throw new Error(`not every answer was seen: ${[...seen].join()}`);
  }

  await fc.assert(fc.asyncProperty(claimed, fault, async (event, injected) => {
    app.fault = injected;
    const answer = JSON.stringify(await app.handle(event));
    const written = app.telemetry.lines.splice(0).join();
    if (!/^\{"error":\{"code":"INVALID_(CODE|REQUEST)"/.test(answer) || `${answer}${written}`.includes(CANARY)) {
      throw new Error(`a claim was answered with ${answer}, and logged ${written}`);
    }
  }), runs(0.05));
}

/** @param secret that must be in no log and no event */
async function expectHarmless(app: MemoryRegistrations, answer: APIGatewayProxyResult, injected: Fault, secret = CANARY): Promise<void> {
  const { statusCode, headers = {}, body } = answer;
  if (statusCode >= 500 && injected !== 'RESOLVER' && injected !== 'STORE') {
    throw new Error(`answered ${statusCode} without a fault of AWS`);
  }
  const missing = HEADERS.filter((name) => headers[name] === undefined);
  const tables = [...app.sessions.values(), ...app.store.subscriptions.values()];
  const kept = [...app.telemetry.lines.splice(0), ...[...tables, ...app.store.events.splice(0)].map((item) => JSON.stringify(item))];
  const spread = [JSON.stringify(headers), ...kept].filter((text) => text.includes(CANARY) || kept.includes(text) && text.includes(secret));
  if (missing.length > 0 || spread.length > 0 || /[\r\n]/.test(Object.values(headers).join(''))) {
    throw new Error(`headers missing: ${missing.join()}; input in headers, log, events or tables: ${spread.join()}`);
  }
  expectNoMarkupOfInput(body);
}

const ATTRIBUTES = new Set(['lang', 'charset', 'name', 'content', 'rel', 'href', 'hreflang', 'class', 'src', 'width', 'height', 'alt', 'viewBox', 'aria-hidden', 'd', 'role',
  'method', 'action', 'type', 'value', 'for', 'id', 'autocomplete', 'maxlength', 'dir', 'required', 'aria-invalid', 'aria-describedby', 'autofocus', 'selected', 'checked',
  'target', 'aria-current']);

/** A page that repeats the input parses, and has no element and no attribute but ours; no text of the buyer is a link. */
function expectNoMarkupOfInput(body: string): void {
  if (!body.includes(CANARY)) {
    return;
  }
  const walk = (element: Element): void => {
    const strange = Object.entries(element.attributes).filter(([name, text]) => !ATTRIBUTES.has(name) || (name !== 'value' && text.includes(CANARY)));
    if (strange.length > 0 || ['script', 'iframe', 'object', 'base'].includes(element.tag)) {
      throw new Error(`<${element.tag} ${JSON.stringify(strange)}>`);
    }
    element.children.forEach(walk);
  };
  const page = parseHtml(body);
  walk(page);
  if (all(page, 'h1').length !== 1 || all(page, 'title').some(({ text }) => text.includes(CANARY))) {
    throw new Error('no page of ours');
  }
}
