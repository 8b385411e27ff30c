import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
// Its router is cheap to make, which happens once a request.
import { Hono } from 'hono/quick';
import { afterRegistrationOf } from './after-registration';
import { completeRegistration, publishEvents } from './complete-registration';
import { confirmEmail, readConfirmation } from './confirm-email';
import type { RegistrationDependencies } from './dependencies';
import { confirmedPage, confirmPage } from './pages/confirm';
import { formPage, type FormState } from './pages/form';
import type { PageContext } from './pages/layout';
import { type Refusal, refusalPage, tryAgainPage, welcomePage } from './pages/messages';
import { alreadyRegisteredPage, confirmationPage, endedPage } from './pages/registered';
import { chooseLanguage } from './pages/texts/languages';
import { readForm } from './read-form';
import { securityHeaders } from './security-headers';
import { cookieOf, csrfToken, handleOf, isCsrfToken } from './session-cookie';
import { signUpOf } from './sign-up';
import { startRegistration } from './start-registration';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import { DEFAULT_FIELDS, readBuyerForm, readValues, valuesOf } from '../domain/registration/buyer-form';
import { type RegistrationSession, SESSION_SECONDS } from '../domain/registration/session';
import type { ShownPendingReason } from '../domain/subscription/state';

const TOKEN_FIELD = 'x-amzn-marketplace-token';
const OFFER_TYPE_FIELD = 'x-amzn-marketplace-offer-type';
const RETRY_SECONDS = '5';

type Bindings = { Bindings: { urlFor: (route: string) => string; chosenLanguage?: string; reference?: string } };
type RequestContext = Context<Bindings>;

/** The route that a request matches, for logs: a path can have anything in it. */
export function routeOf(request: Request): string {
  const { pathname } = new URL(request.url);
  const [, start, part = ''] = /^\/(register|confirm)\/[^/]+(\/edit|\/continue)?$/.exec(pathname) ?? [];
  return pathname === '/' ? '/' : start === undefined ? 'other' : `/${start}/:id${part}`;
}

/** The routes of the registration page. */
export function registrationApp(deps: RegistrationDependencies): Hono<Bindings> {
  const { config, subscriptions, registrations, clock, log, metrics } = deps;
  const fields = config.page?.fields ?? DEFAULT_FIELDS;
  const signUp = signUpOf(config);
  const afterRegistration = afterRegistrationOf(config);
  const app = new Hono<Bindings>();
  app.use(securityHeaders(config));
  app.use('/register/:id/*', async (c, next) => {
    await next();
    c.header('Content-Security-Policy', afterRegistration.policy);
  });

  const pageOf = (c: RequestContext, self?: string): PageContext => defined({
    config,
    language: chooseLanguage(config, c.env.chosenLanguage, c.req.header('accept-language')),
    self: self === undefined ? undefined : c.env.urlFor(self),
    reference: c.env.reference,
  });
  /** A relative URL that keeps the language which the buyer chose. */
  const linkTo = (c: RequestContext, route: string) => `${c.env.urlFor(route)}${c.env.chosenLanguage === undefined ? '' : `?lang=${c.env.chosenLanguage}`}`;
  const refuse = (c: RequestContext, reason: Refusal, status: 400 | 403 | 404 | 405 | 413 | 415 | 503 = 400) =>
    c.html(refusalPage(pageOf(c), reason), status);

  app.get('/', (c) => c.html(welcomePage(pageOf(c, '/'))));

  app.post('/', async (c) => {
    const form = await readForm(c.req.raw);
    if (form.problem !== undefined) {
      return refuse(c, form.problem, form.status);
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
      const { name, path } = cookieOf(redirectTo.split('/').at(-1) ?? '', config.basePath);
      // Lax: the browser comes from AWS Marketplace, and follows the redirect with the cookie.
      setCookie(c, name, cookie, { path, httpOnly: true, secure: true, sameSite: 'Lax', maxAge: SESSION_SECONDS });
      return c.redirect(linkTo(c, redirectTo), 303);
    } catch (error) {
      // The message of the error could repeat the token.
      log.error('A registration could not be started', describeError(error, { message: false }));
      metrics.add(METRICS.REGISTRATION_FAILURES);
      c.header('Retry-After', RETRY_SECONDS);
      c.header('Content-Security-Policy', signUp.startPolicy);
      return c.html(tryAgainPage(pageOf(c), linkTo(c, '/'), { [TOKEN_FIELD]: token, ...offerType }), 503);
    }
  });

  const handleFrom = (c: RequestContext) => {
    const id = c.req.param('id') ?? '';
    return handleOf(id, getCookie(c, cookieOf(id, config.basePath).name));
  };

  async function sessionOf(c: RequestContext): Promise<{ handle: string; session: RegistrationSession } | undefined> {
    const handle = handleFrom(c);
    const session = handle === undefined ? undefined : await registrations.session(handle, clock.now());
    return handle === undefined || session === undefined ? undefined : { handle, session };
  }

  /** A purchase that is not active yet is nothing unusual; a page without the reason is better than an error. */
  async function pendingReasonOf({ registrationId, licenseId }: RegistrationSession): Promise<ShownPendingReason | undefined> {
    try {
      const reason = licenseId === undefined ? undefined : (await subscriptions.read(licenseId, clock.now()))?.pendingReason;
      return reason === 'NOT_MIGRATED' ? 'NOT_ACTIVATED' : reason;
    } catch (error) {
      log.warn('Whether a subscription is active could not be read', { registrationId, licenseId, ...describeError(error, { message: false }) });
      return undefined;
    }
  }

  const route = (c: RequestContext, end = '') => `/register/${c.req.param('id')}${end}`;
  const form = (c: RequestContext, handle: string, state: Partial<FormState>) =>
    formPage(pageOf(c, route(c, '/edit')), { csrfToken: csrfToken(handle), action: linkTo(c, route(c)), ...state });

  app.get('/register/:id', async (c) => {
    const found = await sessionOf(c);
    if (found === undefined) {
      return refuse(c, 'NO_SESSION');
    }
    const { handle, session } = found;
    const { registrationId, registeredAt, firstRegistrationId, registeredBefore, endedAt } = session;
    const context = pageOf(c, route(c));
    if (endedAt !== undefined) {
      return c.html(endedPage(context, session));
    }
    if (registeredAt === undefined && !registeredBefore) {
      return c.html(form(c, handle, { session }));
    }
    const editUrl = linkTo(c, route(c, '/edit'));
    const email = (await registrations.buyer(registeredAt === undefined ? firstRegistrationId ?? '' : registrationId))?.email;
    const pendingReason = await pendingReasonOf(session);
    const state = defined({ session, pendingReason, editUrl, continueAction: linkTo(c, route(c, '/continue')), csrfToken: csrfToken(handle), email });
    return c.html(registeredAt === undefined ? alreadyRegisteredPage(context, state) : confirmationPage(context, state));
  });

  app.get('/register/:id/edit', async (c) => {
    const found = await sessionOf(c);
    if (found === undefined) {
      return refuse(c, 'NO_SESSION');
    }
    const { handle, session } = found;
    if (session.endedAt !== undefined) {
      return c.html(endedPage(pageOf(c, route(c)), session));
    }
    const entered = session.registeredAt === undefined ? undefined : await registrations.buyer(session.registrationId);
    return c.html(form(c, handle, defined({ session, values: entered && valuesOf(entered) })));
  });

  app.post('/register/:id', async (c) => {
    const read = await readForm(c.req.raw);
    if (read.problem !== undefined) {
      return refuse(c, read.problem, read.status);
    }
    const handle = handleFrom(c);
    if (handle === undefined) {
      return refuse(c, 'NO_SESSION');
    }
    if (!isCsrfToken(handle, read.fields.get('csrf') ?? '')) {
      return refuse(c, 'FORGED', 403);
    }
    const field = (name: string) => read.fields.get(name);
    let session: RegistrationSession | undefined;
    try {
      session = (await sessionOf(c))?.session;
      if (session === undefined) {
        return await refuse(c, 'NO_SESSION');
      }
      if (session.endedAt !== undefined) {
        return await c.html(endedPage(pageOf(c, route(c)), session));
      }
      const entered = readBuyerForm(fields, field, clock.now());
      if (!entered.ok) {
        return await c.html(form(c, handle, { session, ...entered }), 422);
      }
      const { tag: language } = pageOf(c).language;
      const completed = await completeRegistration(handle, session, defined({ ...entered.details, language: language === 'en' ? undefined : language }), deps);
      return c.redirect(await afterRegistration.redirectTo(completed, deps) ?? linkTo(c, route(c)), 303);
    } catch (error) {
      report(c, error);
      c.header('Retry-After', RETRY_SECONDS);
      return c.html(form(c, handle, defined({ session, values: readValues(fields, field), notSaved: true })), 503);
    }
  });

  // For a buyer who comes back to the confirmation: each time with a new code.
  app.post('/register/:id/continue', async (c) => {
    const read = await readForm(c.req.raw);
    if (read.problem !== undefined) {
      return refuse(c, read.problem, read.status);
    }
    const found = await sessionOf(c);
    if (found?.session.registeredAt === undefined) {
      return refuse(c, 'NO_SESSION');
    }
    if (!isCsrfToken(found.handle, read.fields.get('csrf') ?? '')) {
      return refuse(c, 'FORGED', 403);
    }
    return c.redirect(await afterRegistration.redirectTo(found.session, deps) ?? linkTo(c, route(c)), 303);
  });

  if (config.welcomeEmail?.confirmAddress) {
    // Programs that look into e-mails follow links: only the button confirms.
    app.get('/confirm/:id', async (c) => {
      const { state, buyer } = await readConfirmation(c.req.param('id'), deps);
      const context = pageOf(c, `/confirm/${c.req.param('id')}`);
      return state === 'INVALID' || buyer === undefined ? refuse(c, 'CONFIRMATION')
        : c.html(state === 'CONFIRMED' ? confirmedPage(context, buyer.email) : confirmPage(context, buyer.email, linkTo(c, `/confirm/${c.req.param('id')}`)));
    });
    app.post('/confirm/:id', async (c) => {
      const { state, registrationId } = await confirmEmail(c.req.param('id'), deps);
      if (state === 'INVALID' || registrationId === undefined) {
        return refuse(c, 'CONFIRMATION');
      }
      await publishEvents(registrationId, deps);
      return c.redirect(linkTo(c, `/confirm/${c.req.param('id')}`), 303);
    });
  }

  function report(c: RequestContext, error: unknown): void {
    // What the buyer entered could be repeated in a message.
    log.error('A registration request failed', { route: routeOf(c.req.raw), reference: c.env.reference, ...describeError(error as Error, { message: false }) });
    metrics.add(METRICS.REGISTRATION_FAILURES);
  }

  const routes = [
    ['/', 'GET, POST'], ['/register/:id', 'GET, POST'], ['/register/:id/edit', 'GET'], ['/register/:id/continue', 'POST'],
    ...config.welcomeEmail?.confirmAddress ? [['/confirm/:id', 'GET, POST'] as const] : [],
  ] as const;
  for (const [path, methods] of routes) {
    app.all(path, (c) => {
      c.header('Allow', methods);
      return refuse(c, 'METHOD', 405);
    });
  }
  app.get('/register', (c) => refuse(c, 'NO_SESSION'));
  app.notFound(async (c) => refuse(c, 'NOT_FOUND', 404));
  app.onError((error, c) => {
    report(c, error);
    c.header('Retry-After', RETRY_SECONDS);
    return refuse(c, 'FAILED', 503);
  });
  return app;
}
