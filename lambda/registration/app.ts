import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { completeRegistration } from './complete-registration';
import type { RegistrationDependencies } from './dependencies';
import { confirmationPage, formPage } from './pages/form';
import { notSavedPage, type Refusal, refusalPage, simplePage, tryAgainPage, welcomePage } from './pages/messages';
import { readForm } from './read-form';
import { securityHeaders } from './security-headers';
import { signUpOf } from './sign-up';
import { startRegistration } from './start-registration';
import { METRICS } from '../../src/names';
import { describeError } from '../domain/describe-error';
import { readBuyerForm } from '../domain/registration/buyer-form';
import { type RegistrationSession, SESSION_SECONDS } from '../domain/registration/session';

/** `__Host-`: browsers take it only from this host, over HTTPS. */
export const SESSION_COOKIE = '__Host-registration';
const HANDLE = /^[A-Za-z0-9_-]{43}$/;
const TOKEN_FIELD = 'x-amzn-marketplace-token';
const OFFER_TYPE_FIELD = 'x-amzn-marketplace-offer-type';

type Bindings = { Bindings: { urlFor: (route: string) => string } };

/** The routes of the registration page. */
export function registrationApp(deps: RegistrationDependencies): Hono<Bindings> {
  const { config, registrations, clock, log, metrics } = deps;
  const signUp = signUpOf(config);
  const app = new Hono<Bindings>();
  app.use(securityHeaders);

  const refuse = (c: Context<Bindings>, reason: Refusal, status: 400 | 403 = 400) => c.html(refusalPage(config, reason), status);

  app.get('/', (c) => c.html(welcomePage(config)));

  app.post('/', async (c) => {
    const form = await readForm(c.req.raw);
    if (form.problem !== undefined) {
      return c.html(simplePage(config, 'This request cannot be read', form.problem), form.status);
    }
    const token = form.fields.get(TOKEN_FIELD)?.trim();
    if (!token) {
      return refuse(c, 'NO_TOKEN');
    }
    const offerType: Record<string, string> = form.fields.get(OFFER_TYPE_FIELD) === 'free-trial' ? { [OFFER_TYPE_FIELD]: 'free-trial' } : {};
    try {
      const started = await startRegistration(token, OFFER_TYPE_FIELD in offerType, deps);
      if (started.outcome !== 'STARTED') {
        return await refuse(c, started.outcome);
      }
      const { redirectTo, cookie } = started;
      if (cookie === undefined) {
        return c.redirect(redirectTo, 303);
      }
      // Lax: the browser comes from AWS Marketplace, and follows the redirect with the cookie.
      setCookie(c, SESSION_COOKIE, cookie, { path: '/', httpOnly: true, secure: true, sameSite: 'Lax', maxAge: SESSION_SECONDS });
      return c.redirect(c.env.urlFor(redirectTo), 303);
    } catch (error) {
      // The message of the error could repeat the token.
      log.error('A registration could not be started', describeError(error, { message: false }));
      metrics.add(METRICS.REGISTRATION_FAILURES);
      c.header('Retry-After', '5');
      c.header('Content-Security-Policy', signUp.startPolicy);
      return c.html(tryAgainPage(config, c.env.urlFor('/'), { [TOKEN_FIELD]: token, ...offerType }), 503);
    }
  });

  async function sessionOf(c: Context<Bindings>): Promise<{ handle: string; session: RegistrationSession } | undefined> {
    const handle = getCookie(c, SESSION_COOKIE) ?? '';
    const session = HANDLE.test(handle) ? await registrations.session(handle, clock.now()) : undefined;
    return session === undefined ? undefined : { handle, session };
  }

  app.get('/register', async (c) => {
    const found = await sessionOf(c);
    if (found === undefined) {
      return refuse(c, 'NO_SESSION');
    }
    const { handle, session: { registeredAt, registeredBefore } } = found;
    return c.html(registeredAt !== undefined
      ? confirmationPage(config)
      : formPage(config, { csrfToken: csrfToken(handle), action: c.env.urlFor('/register'), registeredBefore }));
  });

  app.post('/register', async (c) => {
    const form = await readForm(c.req.raw);
    if (form.problem !== undefined) {
      return c.html(simplePage(config, 'This form cannot be read', form.problem), form.status);
    }
    const found = await sessionOf(c);
    if (found === undefined) {
      return refuse(c, 'NO_SESSION');
    }
    const { handle, session } = found;
    if (!sameText(form.fields.get('csrf') ?? '', csrfToken(handle))) {
      return refuse(c, 'FORGED', 403);
    }
    const read = readBuyerForm((name) => form.fields.get(name));
    if (!read.ok) {
      return c.html(formPage(config, { csrfToken: csrfToken(handle), action: c.env.urlFor('/register'), ...read }), 422);
    }
    await completeRegistration(handle, session, read.details, deps);
    return c.redirect(c.env.urlFor('/register'), 303);
  });

  app.all('/', (c) => c.html(simplePage(config, 'Not supported', 'This page takes GET and POST requests only.'), 405, { Allow: 'GET, POST' }));
  app.all('/register', (c) => c.html(simplePage(config, 'Not supported', 'This page takes GET and POST requests only.'), 405, { Allow: 'GET, POST' }));
  app.notFound((c) => c.html(simplePage(config, 'There is nothing here', 'To set up your account:'), 404));
  app.onError((error, c) => {
    // What the buyer entered could be repeated in a message.
    log.error('A registration request failed', { route: c.req.path, ...describeError(error, { message: false }) });
    metrics.add(METRICS.REGISTRATION_FAILURES);
    return c.html(notSavedPage(config), 503);
  });
  return app;
}

/** Bound to the session, and not derivable without its cookie: a form that another site makes the browser post does not have it. */
function csrfToken(handle: string): string {
  return createHmac('sha256', handle).update('registration form').digest('base64url');
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
