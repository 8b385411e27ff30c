import { html } from 'hono/html';
import { type Html, NOTHING, page, type PageContext, productOf, supportLinks } from './layout';
import { ENGLISH } from './texts/english';
import type { Message, RefusalText, Texts } from './texts/texts';

/** Why there is no form. */
export type Refusal = RefusalText;

/** A new start from AWS Marketplace leads here again: only support can help. */
const NEEDS_SUPPORT: ReadonlySet<Refusal> = new Set(['INVALID', 'OTHER_PRODUCT']);

/** Where buyers find their subscriptions, and with them "Set up your account" (docs/marketplace-facts.md#f-1-1). */
const SUBSCRIPTIONS = 'https://console.aws.amazon.com/marketplace/home#/subscriptions';

export function welcomePage(context: PageContext): Html {
  const { welcome } = context.language.texts;
  const product = productOf(context);
  return page(context, { title: welcome.title(product) }, html`
<p class="soft">${welcome.text(product)}</p>
${wayBack(context)}`);
}

export function refusalPage(context: PageContext, reason: Refusal): Html {
  const message = ({ refusals }: Texts) => refusals[reason];
  return NEEDS_SUPPORT.has(reason)
    ? messagePage(context, message, supportFirst(context), true)
    : messagePage(context, message, html`${reason === 'CONFIRMATION' ? NOTHING : wayBack(context)}${reference(context)}`);
}

/**
 * AWS or we are unavailable: the token, which must be stored nowhere, goes back to where it came from, as a hidden
 * field of a page that no cache keeps.
 */
export function tryAgainPage(context: PageContext, action: string, fields: Readonly<Record<string, string>>): Html {
  const { tryAgain } = context.language.texts;
  const hasSupport = supportLinks(context).length > 0;
  return messagePage(context, (texts) => texts.tryAgain, html`
<form method="post" action="${action}">
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit" class="button">${tryAgain.button}</button>
</form>
${hasSupport ? html`<p class="small">${tryAgain.ifContinues}</p>` : NOTHING}${supportBlock(context)}`, hasSupport);
}

/** A page in another language that has no URL of its own says the same in English too. */
function messagePage(context: PageContext, message: (texts: Texts) => Message, content: Html, hasSupport = false): Html {
  const { title, text } = message(context.language.texts);
  const english = message(ENGLISH);
  return page(context, { title, hasSupport }, html`
<p class="soft">${text}</p>
${context.language.tag === 'en' ? NOTHING : html`<p class="small" lang="en">${english.title}. ${english.text}</p>`}
${content}`);
}

/** One clear action: an e-mail that names this request, or the support page. */
function supportFirst(context: PageContext): Html {
  const { config: { supportEmail, supportUrl }, reference: value, language: { texts: { support } } } = context;
  const subject = value === undefined ? '' : `?subject=${encodeURIComponent(`${support.reference} ${value}`)}`;
  const href = supportEmail === undefined ? supportUrl : `mailto:${supportEmail}${subject}`;
  return html`<p>${href === undefined ? support.none : support.first}</p>
${href === undefined ? NOTHING : html`<a class="button" href="${href}">${support.contact}</a>`}
${supportBlock(context)}`;
}

/** How to reach support, and what names this request to them. */
export function supportBlock(context: PageContext): Html {
  const links = supportLinks(context);
  return html`${links.length === 0 ? NOTHING : html`<ul>${links.map((link) => html`<li>${link}</li>`)}</ul>`}
${reference(context)}`;
}

function reference({ reference: value, language: { texts } }: PageContext): Html {
  return value === undefined ? NOTHING : html`<p class="small">${texts.support.reference}: ${value}</p>`;
}

function wayBack({ language: { texts: { back } } }: PageContext): Html {
  return html`<a class="button" href="${SUBSCRIPTIONS}">${back.button}</a>
<p class="small">${back.text}</p>`;
}
