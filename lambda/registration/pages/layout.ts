import { html, raw } from 'hono/html';
import { styleOf } from './style';
import { languagesOf, type PageLanguage } from './texts/languages';
import type { RegistrationConfig, RegistrationLogoConfig } from '../../../src/names';

export type Html = ReturnType<typeof html>;
export const NOTHING = html``;

/** What every page knows of its request. */
export interface PageContext {
  readonly config: RegistrationConfig;
  readonly language: PageLanguage;
  /** Names this request to support. */
  readonly reference?: string;
  /** Relative URL of this page for a GET request, without a query string; absent when there is no such page. */
  readonly self?: string;
}

export interface PageOptions {
  readonly title: string;
  /** Put before the title of the browser's tab. */
  readonly prefix?: string;
  /** Shown above the heading. */
  readonly above?: Html;
  /** The content says how to reach support, so the footer does not. */
  readonly hasSupport?: boolean;
}

export function productOf({ config, language }: PageContext): string {
  return config.productName ?? language.texts.thisProduct;
}

/** A complete page. Nothing in it comes from elsewhere, and it needs no script. */
export function page(context: PageContext, { title, prefix, above = NOTHING, hasSupport = false }: PageOptions, content: Html): Html {
  const { config, language: { tag, texts } } = context;
  const name = config.productName ?? config.page?.brandName;
  const logIn = config.loginUrl === undefined ? NOTHING : html`<a href="${config.loginUrl}">${texts.logIn}</a>`;
  return html`<!DOCTYPE html>
<html lang="${tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${prefix === undefined ? '' : `${prefix}: `}${title}${name === undefined || title.includes(name) ? '' : ` – ${name}`}</title>
<link rel="icon" href="${icon(config)}">
<style>${raw(styleOf(config).css)}</style>
</head>
<body>
${brandOf(config) === undefined && config.loginUrl === undefined ? NOTHING : html`<header>${brand(config)}${logIn}</header>`}
<main>
${above}<h1>${title}</h1>
${content}
</main>
${footer(context, hasSupport ? [] : supportLinks(context))}
</body>
</html>`;
}

function brandOf({ productName, page: { brandName } = {} }: RegistrationConfig): string | undefined {
  return brandName ?? productName;
}

function brand(config: RegistrationConfig): Html {
  const name = brandOf(config) ?? '';
  const { logo, darkLogo } = config.page ?? {};
  if (logo === undefined) {
    return html`<span class="brand">${name === '' ? NOTHING : html`<span class="mark" aria-hidden="true">${initial(name)}</span>`}<bdi>${name}</bdi></span>`;
  }
  // A wide logo has the name in it.
  const wide = logo.width > logo.height * 1.6;
  return html`<span class="brand"><picture>${darkLogo === undefined ? NOTHING
    : html`<source media="(prefers-color-scheme:dark)" srcset="${darkLogo.dataUri}">`}${image(logo, wide ? name : '')}</picture>${wide ? NOTHING : html`<bdi>${name}</bdi>`}</span>`;
}

function image({ dataUri, width, height }: RegistrationLogoConfig, alt: string): Html {
  return html`<img src="${dataUri}" width="${width}" height="${height}" alt="${alt}">`;
}

function initial(name: string): string {
  return [...name.toUpperCase()].find((character) => /[\p{L}\p{N}]/u.test(character)) ?? '';
}

/** Without an icon in the page, browsers ask the API for one. */
function icon(config: RegistrationConfig): string {
  const { colors: { accent = '#0b5cad', onAccent = '#ffffff' } = {} } = config.page ?? {};
  const letter = initial(brandOf(config) ?? '');
  const text = letter === '' ? '' : `<text x="8" y="12" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="11" fill="${onAccent}">${letter}</text>`;
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="${accent}"/>${text}</svg>`)}`;
}

function footer(context: PageContext, support: readonly Html[]): Html {
  const { config: { termsUrl, privacyUrl }, language: { texts } } = context;
  return html`<footer>
${support.length === 0 ? NOTHING : html`<p>${texts.support.questions} ${dotted(support)}</p>`}
<p>${dotted([
  ...termsUrl === undefined ? [] : [html`<a href="${termsUrl}">${texts.footer.terms}</a>`],
  ...privacyUrl === undefined ? [] : [html`<a href="${privacyUrl}">${texts.footer.privacy}</a>`],
  html`${texts.footer.purchased}`,
])}</p>
${languageLinks(context)}
</footer>`;
}

export function supportLinks({ config: { supportEmail, supportUrl }, language: { texts } }: PageContext): Html[] {
  return [
    ...supportEmail === undefined ? [] : [html`<a href="mailto:${supportEmail}">${supportEmail}</a>`],
    ...supportUrl === undefined ? [] : [html`<a href="${supportUrl}">${texts.support.helpCenter}</a>`],
  ];
}

function languageLinks({ config, language, self }: PageContext): Html {
  const languages = languagesOf(config);
  return self === undefined || languages.length === 1 ? NOTHING : html`<p>${dotted(languages.map(({ tag, texts }) => tag === language.tag
    ? html`<span aria-current="true">${texts.language}</span>`
    : html`<a href="${self}?lang=${tag}" lang="${tag}" hreflang="${tag}">${texts.language}</a>`))}</p>`;
}

function dotted(parts: readonly Html[]): Html {
  return html`${parts.map((part, index) => index === 0 ? part : html` · ${part}`)}`;
}
