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
  headers: fc.dictionary(fc.oneof(fc.constantFrom('Cookie', 'Content-Type', 'Accept-Language', 'Host', 'Origin', 'X-Forwarded-Host'), hostile), hostile, { maxKeys: 4 }),
  body: fc.oneof(hostile, fc.constant(`x-amzn-marketplace-token=${CANARY}`), form.map((fields) => new URLSearchParams(fields).toString())),
  fault,
});
const submitted = fc.record({ fields: form, validEmail: fc.boolean(), fault });

const HEADERS = ['cache-control', 'content-security-policy', 'strict-transport-security', 'x-frame-options', 'x-content-type-options', 'referrer-policy',
  'cross-origin-opener-policy', 'cross-origin-resource-policy', 'permissions-policy'];

/** Any request, and any form of a buyer with a session: one input each. */
export async function expectHostileInputIsHarmless(numRuns: number): Promise<void> {
  const app = new MemoryRegistrations({ ...ASKING, welcomeEmail: WELCOMING.welcomeEmail! });
  const ask = async (request: Parameters<typeof gatewayEvent>[0]) => app.handle(gatewayEvent(request)) as Promise<APIGatewayProxyResult>;
  await fc.assert(fc.asyncProperty(anyRequest, async (request) => {
    app.fault = request.fault;
    await expectHarmless(app, await ask(request), request.fault);
  }), { numRuns: Math.ceil(numRuns * 0.75) });
  await fc.assert(fc.asyncProperty(submitted, async ({ fields, validEmail, ...input }) => {
    app.fault = 'NONE';
    await ask({ method: 'POST', form: { 'x-amzn-marketplace-token': 'token' } });
    const handle = [...app.sessions.keys()].at(-1) ?? '';
    const path = `/register/${publicIdOf(handle)}`;
    const headers = { Cookie: `${cookieOf(publicIdOf(handle)).name}=${handle}` };
    app.fault = input.fault;
    const good = { email: 'jo@example.com', teamSize: '1–10', terms: 'yes', phone: '' };
    const answer = await ask({ method: 'POST', path, headers, form: { ...fields, ...validEmail ? good : {}, csrf: csrfToken(handle) } });
    await expectHarmless(app, answer, input.fault);
    for (const next of [path, `${path}/edit`]) {
      await expectHarmless(app, await ask({ path: next, headers }), 'NONE');
    }
    app.sessions.clear();
    app.buyers.clear();
    app.store.subscriptions.clear();
  }), { numRuns: Math.floor(numRuns / 4) });
}

async function expectHarmless(app: MemoryRegistrations, answer: APIGatewayProxyResult, injected: Fault): Promise<void> {
  const { statusCode, headers = {}, body } = answer;
  if (statusCode >= 500 && injected !== 'RESOLVER' && injected !== 'STORE') {
    throw new Error(`answered ${statusCode} without a fault of AWS`);
  }
  const missing = HEADERS.filter((name) => headers[name] === undefined);
  const written = [JSON.stringify(headers), ...app.telemetry.lines.splice(0), ...app.store.published.splice(0)];
  const spread = written.filter((text) => text.includes(CANARY));
  if (missing.length > 0 || spread.length > 0 || /[\r\n]/.test(Object.values(headers).join(''))) {
    throw new Error(`headers missing: ${missing.join()}; input in headers, log or events: ${spread.join()}`);
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
