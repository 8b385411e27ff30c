import { html } from 'hono/html';
import { type Html, NOTHING, page, type PageContext, productOf } from './layout';
import { supportBlock } from './messages';
import { purchaseStrip } from './purchase';
import { maskEmail } from '../../domain/registration/masking';
import type { RegistrationSession } from '../../domain/registration/session';
import type { ShownPendingReason } from '../../domain/subscription/state';

export const CHECK = html`<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 0a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1.4 14.4L4.4 10.2l1.4-1.4 2.8 2.8 5.6-5.6 1.4 1.4Z"></path></svg>`;
const EMAIL = '{email}';

export interface RegisteredState {
  readonly session: RegistrationSession;
  /** Of the contact, as it was entered. */
  readonly email?: string;
  /** Why the buyer cannot use what was bought yet; absent: it is active, or AWS has not named the license. */
  readonly pendingReason?: ShownPendingReason | undefined;
  /** Relative URL of the form, to register another contact or to correct this one. */
  readonly editUrl: string;
}

export interface ConfirmedState extends RegisteredState {
  /** Relative URL to which the form posts that leads on to the seller's page, where there is one. */
  readonly continueAction: string;
  readonly csrfToken: string;
}

/** After the form: what happens next, in the seller's words. Without them the page promises nothing. */
export function confirmationPage(context: PageContext, state: ConfirmedState): Html {
  const { session, email, editUrl } = state;
  const { config, language: { tag, texts, words } } = context;
  const { done } = texts;
  const steps = words?.nextSteps ?? config.page?.nextSteps ?? [];
  const lang = words !== undefined && words.nextSteps === undefined && tag !== 'en' ? html` lang="en"` : NOTHING;
  const masked = maskEmail(email ?? '');
  const wrongAddress = html`<a href="${editUrl}">${done.wrongAddress}</a>`;
  const firstNaming = steps.find((step) => step.includes(EMAIL));
  const inSteps = email !== undefined && firstNaming !== undefined;
  return page(context, { title: done.title, above: html`<p class="ok">${CHECK}${done.badge}</p>` }, html`
<p class="soft">${done.text(productOf(context))}</p>
${purchaseStrip(context, session)}
${pendingNote(context, state)}${email === undefined || inSteps ? NOTHING : html`<p>${done.registeredFor} <strong>${masked}</strong>. ${wrongAddress}</p>`}
${config.welcomeEmail === undefined ? NOTHING : html`<p>${(config.welcomeEmail.confirmAddress ? done.emailToConfirm : done.emailSent)(masked)}</p>`}
${continueButton(context, state)}${steps.length === 0 ? NOTHING : html`${config.afterRegistration === undefined ? logInButton(context) : NOTHING}<h2>${done.next}</h2>
<ol role="list"${lang}>${steps.map((step) => html`<li>${withAddress(step, masked)}${inSteps && step === firstNaming ? html` ${wrongAddress}` : NOTHING}</li>`)}</ol>`}
<p class="small">${done.billing}</p>`);
}

/** Bought, but not active: the payment is not settled, or the agreement starts later (docs/marketplace-facts.md#f-3-6). */
function pendingNote({ language: { texts: { pending } } }: PageContext, { pendingReason }: Pick<RegisteredState, 'pendingReason'>): Html {
  return pendingReason === undefined ? NOTHING : html`<p role="status">${pending[pendingReason]}</p>
`;
}

/** A buyer who was sent on to the seller's page, and has come back. */
function continueButton(context: PageContext, { continueAction, csrfToken }: ConfirmedState): Html {
  return context.config.afterRegistration === undefined ? NOTHING : html`<form method="post" action="${continueAction}">
<input type="hidden" name="csrf" value="${csrfToken}">
<button type="submit" class="button">${context.language.texts.done.continueTo(productOf(context))}</button>
</form>
`;
}

function withAddress(step: string, masked: string): Html[] {
  return step.split(EMAIL).map((part, index) => index === 0 ? html`${part}` : html`<strong>${masked}</strong>${part}`);
}

/** This license was registered before, perhaps by someone else of the same company. */
export function alreadyRegisteredPage(context: PageContext, { session, pendingReason, email, editUrl }: RegisteredState): Html {
  const { already } = context.language.texts;
  const masked = email === undefined ? undefined : maskEmail(email);
  return page(context, { title: already.title }, html`
<p class="soft">${already.text(dateOf(context, session.firstRegisteredAt), masked)}</p>
${purchaseStrip(context, session)}
${pendingNote(context, { pendingReason })}${logInButton(context)}
<p class="small">${already.someoneElse} <a href="${editUrl}">${already.another}</a>.</p>`);
}

export function endedPage(context: PageContext, session: RegistrationSession): Html {
  const { config: { listingUrl }, language: { texts: { ended } } } = context;
  return page(context, { title: ended.title, hasSupport: true }, html`
<p class="soft">${ended.text(dateOf(context, session.endedAt))}</p>
${purchaseStrip(context, session)}
${listingUrl === undefined ? NOTHING : html`<a class="button" href="${listingUrl}">${ended.listing}</a>`}
${supportBlock(context)}`);
}

function logInButton(context: PageContext): Html {
  const { loginUrl } = context.config;
  return loginUrl === undefined ? NOTHING : html`<a class="button" href="${loginUrl}">${context.language.texts.logInTo(productOf(context))}</a>`;
}

function dateOf({ language: { tag } }: PageContext, time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Intl.DateTimeFormat(tag === 'en' ? 'en-GB' : tag, { dateStyle: 'long', timeZone: 'UTC' }).format(time);
}
