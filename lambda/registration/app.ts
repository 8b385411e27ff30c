import { afterRegistrationOf } from './after-registration';
import { completeRegistration, publishEvents } from './complete-registration';
import { confirmEmail, readConfirmation } from './confirm-email';
import type { RegistrationDependencies } from './dependencies';
import type { PageAnswer, PageRequest } from './gateway';
import { confirmedPage, confirmPage } from './pages/confirm';
import { formPage, type FormState } from './pages/form';
import type { Html, PageContext } from './pages/layout';
import { type Refusal, refusalPage, tryAgainPage, welcomePage } from './pages/messages';
import { alreadyRegisteredPage, confirmationPage, endedPage } from './pages/registered';
import { chooseLanguage } from './pages/texts/languages';
import { readForm } from './read-form';
import { contentSecurityPolicy, securityHeaders } from './security-headers';
import { csrfToken, handleIn, isCsrfToken, sessionCookie } from './session-cookie';
import { signUpOf } from './sign-up';
import { startRegistration } from './start-registration';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import { DEFAULT_FIELDS, readBuyerForm, readValues, valuesOf } from '../domain/registration/buyer-form';
import type { RegistrationSession } from '../domain/registration/session';
import type { ShownPendingReason } from '../domain/subscription/state';

const TOKEN_FIELD = 'x-amzn-marketplace-token';
const OFFER_TYPE_FIELD = 'x-amzn-marketplace-offer-type';
const RETRY_LATER = { 'retry-after': '5' };

const WITH_ID = /^\/(?<start>register|confirm)\/(?<id>[^/]+)(?<part>\/edit|\/continue)?$/;

/** The route that a path matches, and the id in it. Logs have the route: a path can have anything in it. */
export function routeOf(path: string): { readonly route: string; readonly id: string } {
  const { start, id = '', part = '' } = WITH_ID.exec(path)?.groups ?? {};
  const route = start === undefined ? ['/', '/register'].find((known) => known === path) ?? 'other' : `/${start}/:id${part}`;
  return { route, id };
}

/** A request for a registration: `id` is the one in its path. */
interface Visit extends PageRequest {
  readonly id: string;
}

type Respond = (visit: Visit) => Promise<PageAnswer> | PageAnswer;

/** Answers requests for the registration pages. It works without the `Request` of Node.js, which takes longer to load than all of this. */
export function registrationApp(deps: RegistrationDependencies): (request: PageRequest) => Promise<PageAnswer> {
  const { config, subscriptions, registrations, clock, log, metrics } = deps;
  const fields = config.page?.fields ?? DEFAULT_FIELDS;
  const signUp = signUpOf(config);
  const afterRegistration = afterRegistrationOf(config);

  const pageOf = ({ chosenLanguage, headers, urlFor, reference }: PageRequest, self?: string): PageContext => defined({
    config,
    language: chooseLanguage(config, chosenLanguage, headers['accept-language']),
    self: self === undefined ? undefined : urlFor(self),
    reference,
  });
  /** A relative URL that keeps the language which the buyer chose. */
  const linkTo = ({ urlFor, chosenLanguage }: PageRequest, route: string) => `${urlFor(route)}${chosenLanguage === undefined ? '' : `?lang=${chosenLanguage}`}`;
  const refuse = async (request: PageRequest, reason: Refusal, status = 400, headers: PageAnswer['headers'] = {}) =>
    htmlAnswer(refusalPage(pageOf(request), reason), status, headers);

  const welcome: Respond = async (visit) => htmlAnswer(welcomePage(pageOf(visit, '/')));

  const start: Respond = async (visit) => {
    const form = readForm(visit);
    if (form.problem !== undefined) {
      return refuse(visit, form.problem, form.status);
    }
    const token = form.fields.get(TOKEN_FIELD)?.trim();
    if (!token) {
      return refuse(visit, 'NO_TOKEN');
    }
    const offerType: Record<string, string> = form.fields.get(OFFER_TYPE_FIELD) === 'free-trial' ? { [OFFER_TYPE_FIELD]: 'free-trial' } : {};
    try {
      const started = await startRegistration(token, OFFER_TYPE_FIELD in offerType, deps);
      if (started.outcome !== 'STARTED') {
        return await refuse(visit, started.outcome);
      }
      const { redirectTo, cookie } = started;
      return cookie === undefined
        ? redirect(redirectTo)
        : redirect(linkTo(visit, redirectTo), { 'set-cookie': sessionCookie(redirectTo.split('/').at(-1) ?? '', config.basePath, cookie) });
    } catch (error) {
      // The message of the error could repeat the token.
      log.error('A registration could not be started', describeError(error, { message: false }));
      metrics.add(METRICS.REGISTRATION_FAILURES);
      return htmlAnswer(tryAgainPage(pageOf(visit), linkTo(visit, '/'), { [TOKEN_FIELD]: token, ...offerType }), 503,
        { ...RETRY_LATER, 'content-security-policy': signUp.startPolicy });
    }
  };

  const handleFrom = ({ id, headers }: Visit) => handleIn(headers.cookie, id, config.basePath);

  async function sessionOf(visit: Visit): Promise<{ handle: string; session: RegistrationSession } | undefined> {
    const handle = handleFrom(visit);
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

  const pathOf = ({ id }: Visit, end = '') => `/register/${id}${end}`;
  const form = (visit: Visit, handle: string, state: Partial<FormState>) =>
    formPage(pageOf(visit, pathOf(visit, '/edit')), { csrfToken: csrfToken(handle), action: linkTo(visit, pathOf(visit)), ...state });

  const show: Respond = async (visit) => {
    const found = await sessionOf(visit);
    if (found === undefined) {
      return refuse(visit, 'NO_SESSION');
    }
    const { handle, session } = found;
    const { registrationId, registeredAt, firstRegistrationId, registeredBefore, endedAt } = session;
    const context = pageOf(visit, pathOf(visit));
    if (endedAt !== undefined) {
      return htmlAnswer(endedPage(context, session));
    }
    if (registeredAt === undefined && !registeredBefore) {
      return htmlAnswer(form(visit, handle, { session }));
    }
    const editUrl = linkTo(visit, pathOf(visit, '/edit'));
    const email = (await registrations.buyer(registeredAt === undefined ? firstRegistrationId ?? '' : registrationId))?.email;
    const pendingReason = await pendingReasonOf(session);
    const continueAction = linkTo(visit, pathOf(visit, '/continue'));
    const state = defined({ session, pendingReason, editUrl, continueAction, csrfToken: csrfToken(handle), email });
    return htmlAnswer(registeredAt === undefined ? alreadyRegisteredPage(context, state) : confirmationPage(context, state));
  };

  const edit: Respond = async (visit) => {
    const found = await sessionOf(visit);
    if (found === undefined) {
      return refuse(visit, 'NO_SESSION');
    }
    const { handle, session } = found;
    if (session.endedAt !== undefined) {
      return htmlAnswer(endedPage(pageOf(visit, pathOf(visit)), session));
    }
    const entered = session.registeredAt === undefined ? undefined : await registrations.buyer(session.registrationId);
    return htmlAnswer(form(visit, handle, defined({ session, values: entered && valuesOf(entered) })));
  };

  const submit: Respond = async (visit) => {
    const read = readForm(visit);
    if (read.problem !== undefined) {
      return refuse(visit, read.problem, read.status);
    }
    const handle = handleFrom(visit);
    if (handle === undefined) {
      return refuse(visit, 'NO_SESSION');
    }
    if (!isCsrfToken(handle, read.fields.get('csrf') ?? '')) {
      return refuse(visit, 'FORGED', 403);
    }
    const field = (name: string) => read.fields.get(name);
    let session: RegistrationSession | undefined;
    try {
      session = (await sessionOf(visit))?.session;
      if (session === undefined) {
        return await refuse(visit, 'NO_SESSION');
      }
      if (session.endedAt !== undefined) {
        return await htmlAnswer(endedPage(pageOf(visit, pathOf(visit)), session));
      }
      const entered = readBuyerForm(fields, field, clock.now());
      if (!entered.ok) {
        return await htmlAnswer(form(visit, handle, { session, ...entered }), 422);
      }
      const { tag: language } = pageOf(visit).language;
      const completed = await completeRegistration(handle, session, defined({ ...entered.details, language: language === 'en' ? undefined : language }), deps);
      return redirect(await afterRegistration.redirectTo(completed, deps) ?? linkTo(visit, pathOf(visit)));
    } catch (error) {
      report(visit, error);
      return htmlAnswer(form(visit, handle, defined({ session, values: readValues(fields, field), notSaved: true })), 503, RETRY_LATER);
    }
  };

  // For a buyer who comes back to the confirmation: each time with a new code.
  const continueInApp: Respond = async (visit) => {
    const read = readForm(visit);
    if (read.problem !== undefined) {
      return refuse(visit, read.problem, read.status);
    }
    const found = await sessionOf(visit);
    if (found?.session.registeredAt === undefined) {
      return refuse(visit, 'NO_SESSION');
    }
    if (!isCsrfToken(found.handle, read.fields.get('csrf') ?? '')) {
      return refuse(visit, 'FORGED', 403);
    }
    return redirect(await afterRegistration.redirectTo(found.session, deps) ?? linkTo(visit, pathOf(visit)));
  };

  // Programs that look into e-mails follow links: only the button confirms.
  const showConfirmation: Respond = async (visit) => {
    const { state, buyer } = await readConfirmation(visit.id, deps);
    const path = `/confirm/${visit.id}`;
    const context = pageOf(visit, path);
    return state === 'INVALID' || buyer === undefined ? refuse(visit, 'CONFIRMATION')
      : htmlAnswer(state === 'CONFIRMED' ? confirmedPage(context, buyer.email) : confirmPage(context, buyer.email, linkTo(visit, path)));
  };
  const confirm: Respond = async (visit) => {
    const { state, registrationId } = await confirmEmail(visit.id, deps);
    if (state === 'INVALID' || registrationId === undefined) {
      return refuse(visit, 'CONFIRMATION');
    }
    await publishEvents(registrationId, deps);
    return redirect(linkTo(visit, `/confirm/${visit.id}`));
  };

  function report({ path, reference }: PageRequest, error: unknown): void {
    // What the buyer entered could be repeated in a message.
    log.error('A registration request failed', { route: routeOf(path).route, reference, ...describeError(error as Error, { message: false }) });
    metrics.add(METRICS.REGISTRATION_FAILURES);
  }

  const routes: ReadonlyMap<string, ReadonlyMap<string, Respond>> = new Map([
    ['/', new Map([['GET', welcome], ['POST', start]])],
    ['/register', new Map([['GET', (visit) => refuse(visit, 'NO_SESSION')]])],
    ['/register/:id', new Map([['GET', show], ['POST', submit]])],
    ['/register/:id/edit', new Map([['GET', edit]])],
    ['/register/:id/continue', new Map([['POST', continueInApp]])],
    ...config.welcomeEmail?.confirmAddress ? [['/confirm/:id', new Map([['GET', showConfirmation], ['POST', confirm]])]] as const : [],
  ]);

  async function respond(request: PageRequest): Promise<PageAnswer> {
    const { route, id } = routeOf(request.path);
    const methods = routes.get(route);
    if (methods === undefined) {
      return refuse(request, 'NOT_FOUND', 404);
    }
    const method = methods.get(request.method === 'HEAD' ? 'GET' : request.method);
    if (method === undefined) {
      return refuse(request, 'METHOD', 405, { allow: [...methods.keys()].join(', ') });
    }
    try {
      return await method({ ...request, id });
    } catch (error) {
      report(request, error);
      return refuse(request, 'FAILED', 503, RETRY_LATER);
    }
  }

  return async (request) => {
    const { status, headers, body } = await respond(request);
    const isRegistration = routeOf(request.path).route.startsWith('/register/');
    const policy = isRegistration ? afterRegistration.policy : contentSecurityPolicy(config);
    return { status, headers: { ...securityHeaders(policy), ...headers }, body: request.method === 'HEAD' ? '' : body };
  };
}

async function htmlAnswer(page: Html, status = 200, headers: PageAnswer['headers'] = {}): Promise<PageAnswer> {
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8', ...headers }, body: String(await page) };
}

function redirect(location: string, headers: PageAnswer['headers'] = {}): PageAnswer {
  return { status: 303, headers: { location, ...headers }, body: '' };
}
