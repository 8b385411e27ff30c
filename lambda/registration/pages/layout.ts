import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { RegistrationConfig } from '../../../src/names';

export type Html = ReturnType<typeof html>;

const STYLE = `
:root{color-scheme:light}
body{margin:0;background:#f4f5f7;color:#16191f;font:1rem/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:3rem auto;padding:2rem;background:#fff;border:1px solid #d5dbdb;border-radius:.5rem}
h1{margin-top:0;font-size:1.5rem;line-height:1.25}
label{display:block;margin-top:1rem;font-weight:600}
input{box-sizing:border-box;width:100%;margin-top:.25rem;padding:.5rem;border:1px solid #5f6b7a;border-radius:.25rem;font:inherit}
input[aria-invalid=true]{border-color:#b3140c}
button{margin-top:1.5rem;padding:.6rem 1.2rem;border:0;border-radius:.25rem;background:#0b5cad;color:#fff;font:inherit;font-weight:600;cursor:pointer}
a{color:#0b5cad}
:focus-visible{outline:3px solid #0b5cad;outline-offset:2px}
.problem{margin:.25rem 0 0;color:#b3140c}
.problems{padding:.5rem 1rem;border-left:4px solid #b3140c;background:#fdf3f2}
footer{max-width:34rem;margin:0 auto 3rem;padding:0 2rem;font-size:.875rem;color:#414d5c}
`;

/** For the content security policy: this style and no other. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

/** A complete page. Nothing in it comes from elsewhere, and it needs no script. */
export function page(config: RegistrationConfig, title: string, content: Html): Html {
  const { productName, supportEmail, supportUrl, loginUrl } = config;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${productName === undefined ? title : `${title} – ${productName}`}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
<footer>
${loginUrl === undefined ? '' : html`<p>Already have an account? <a href="${loginUrl}">Log in</a></p>`}
${supportEmail === undefined && supportUrl === undefined ? '' : html`<p>Need help? Contact support${
  supportEmail === undefined ? '' : html` at <a href="mailto:${supportEmail}">${supportEmail}</a>`}${
  supportUrl === undefined ? '' : html`${supportEmail === undefined ? '' : ' or'} on the <a href="${supportUrl}">support page</a>`}.</p>`}
</footer>
</body>
</html>`;
}

/** How a buyer gets here with a fresh token (docs/marketplace-facts.md#f-1-1). */
export const BACK_TO_MARKETPLACE = html`<p>In the AWS console, open
<a href="https://console.aws.amazon.com/marketplace/home#/subscriptions">AWS Marketplace, Manage subscriptions</a>,
choose this product, and then choose <strong>Set up your account</strong>.
This takes you here again, without a new purchase.</p>`;
