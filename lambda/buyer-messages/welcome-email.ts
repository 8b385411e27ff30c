import { html } from 'hono/html';
import { emailTextsOf } from './email-texts';
import { PAGE_COLORS, type RegistrationConfig } from '../../src/names';
import { defined } from '../domain/defined';
import type { BuyerEmail } from '../domain/registration/buyer-email';
import { accountEnding, maskEmail } from '../domain/registration/masking';
import type { EmailMessage } from '../domain/registration/ports';

/** What the e-mail says, in order: both forms are made of it. */
interface Parts {
  readonly language: string;
  readonly brand: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly confirm?: { readonly text: string; readonly button: string; readonly limit: string; readonly url: string };
  readonly logIn?: { readonly button: string; readonly url: string };
  readonly next: string;
  readonly steps: readonly string[];
  readonly questions: string;
  readonly support: readonly string[];
  readonly why: string;
}

/**
 * The e-mail to a buyer who has registered. Nothing in it is what the buyer entered: with a subscription, anyone can have it sent to
 * any address, and must not choose its words.
 *
 * @param confirmUrl link by which the buyer confirms the address; undefined: it has none
 */
export async function welcomeEmail(config: RegistrationConfig, buyer: BuyerEmail, confirmUrl: string | undefined): Promise<EmailMessage> {
  const parts = partsOf(config, buyer, confirmUrl);
  return { subject: parts.heading, text: textOf(parts), html: String(await htmlOf(parts, config)) };
}

function partsOf(config: RegistrationConfig, { email, customerAwsAccountId, language = 'en' }: BuyerEmail, confirmUrl: string | undefined): Parts {
  const texts = emailTextsOf(language);
  const { productName, page: { brandName, nextSteps, languages = [] } = {}, welcomeEmail: own, loginUrl, supportEmail, supportUrl } = config;
  const product = productName ?? texts.thisProduct;
  const words = languages.find(({ tag }) => tag === language);
  const steps = words?.nextSteps ?? nextSteps ?? [];
  return defined({
    language,
    brand: brandName ?? product,
    heading: words?.welcomeEmail?.subject ?? own?.subject ?? texts.subject(product),
    paragraphs: words?.welcomeEmail?.paragraphs ?? own?.paragraphs ?? [texts.registered(product)],
    confirm: confirmUrl === undefined ? undefined
      : { text: texts.confirm, button: texts.confirmButton, limit: texts.confirmLimit, url: confirmUrl },
    // As on the page: without steps the buyer may not have a password yet.
    logIn: loginUrl === undefined || steps.length === 0 ? undefined : { button: texts.logIn(product), url: loginUrl },
    next: texts.next,
    steps: steps.map((step) => step.replaceAll('{email}', maskEmail(email))),
    questions: texts.questions,
    support: [supportEmail, supportUrl].filter((link) => link !== undefined),
    why: texts.why(product, accountEnding(customerAwsAccountId)),
  });
}

function textOf({ heading, paragraphs, confirm, logIn, next, steps, questions, support, why }: Parts): string {
  const blocks = [
    heading,
    ...paragraphs,
    ...confirm ? [`${confirm.text}\n${confirm.url}\n${confirm.limit}`] : [],
    ...steps.length > 0 ? [`${next}\n${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}`] : [],
    ...logIn ? [`${logIn.button}: ${logIn.url}`] : [],
    ...support.length > 0 ? [`${questions} ${support.join(' · ')}`] : [],
    `-- \n${why}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Styles are attributes and nothing is loaded: mail programs drop the rest. */
function htmlOf({ language, brand, heading, paragraphs, confirm, logIn, next, steps, questions, support, why }: Parts, { page }: RegistrationConfig) {
  const { accent = '#0b5cad', onAccent = '#ffffff' } = page?.colors ?? {};
  const font = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;overflow-wrap:anywhere;color:#16181d';
  const button = (label: string, url: string) => html`
<p style="margin:24px 0"><a href="${url}" style="display:inline-block;padding:12px 24px;border-radius:9px;background:${accent};color:${onAccent};font-weight:600;text-decoration:none">${label}</a></p>`;
  const small = 'margin:8px 0 0;font-size:14px;color:#565c68';
  return html`<!DOCTYPE html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light"><title>${heading}</title></head>
<body style="margin:0;background:${PAGE_COLORS.light.page};${font}">
<div role="main" style="max-width:520px;margin:0 auto;padding:24px 16px">
<p style="margin:0 0 16px;font-weight:700;color:${accent}">${brand}</p>
<div style="padding:28px;border:1px solid #dfe2e8;border-radius:14px;background:#ffffff">
<h1 style="margin:0 0 12px;font-size:22px;line-height:1.25">${heading}</h1>
${paragraphs.map((paragraph) => html`<p style="margin:0 0 12px">${paragraph}</p>`)}
${confirm ? html`<p style="margin:24px 0 0">${confirm.text}</p>${button(confirm.button, confirm.url)}<p style="${small}">${confirm.limit}<br><a href="${confirm.url}" style="color:${accent};word-break:break-all">${confirm.url}</a></p>` : ''}
${steps.length === 0 ? '' : html`<h2 style="margin:24px 0 8px;font-size:16px">${next}</h2><ol style="margin:0;padding-left:24px">${steps.map((step) => html`<li style="margin:6px 0">${step}</li>`)}</ol>`}
${logIn ? button(logIn.button, logIn.url) : ''}
</div>
${support.length === 0 ? '' : html`<p style="${small}">${questions} ${support.map((link, index) => html`${index === 0 ? '' : ' · '}<a href="${link.includes('@') && !link.startsWith('https:') ? `mailto:${link}` : link}" style="color:${accent}">${link}</a>`)}</p>`}
<p style="${small}">${why}</p>
</div>
</body>
</html>`;
}
