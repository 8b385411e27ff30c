import { createHash } from 'crypto';
import { Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { PAGE_COLORS, RegistrationConfig } from '../names';

const DEFAULT_ACCENT = { accent: '#0b5cad', darkAccent: '#7ab8f5' };

/** Errors of API Gateway itself are pages too, because a buyer sees the answer in a browser. They look like those of the function. */
export function addErrorPages(api: apigateway.RestApi, config: RegistrationConfig): void {
  const { DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED } = apigateway.ResponseType;
  const page = errorPage(config);
  for (const [id, type] of Object.entries({ ClientErrors: DEFAULT_4XX, ServerErrors: DEFAULT_5XX, Blocked: WAF_FILTERED })) {
    api.addGatewayResponse(id, {
      type,
      responseHeaders: HEADERS,
      // API Gateway chooses by the Accept header, and a client without one counts as one of JSON.
      templates: { 'text/html': page, 'application/json': page },
    });
  }
}

const HEADERS = {
  'Content-Type': "'text/html; charset=utf-8'",
  'Cache-Control': "'no-store'",
  // The rest of the policy is in the page: API Gateway quotes values of headers, and the policy has quotes. An empty list allows nothing.
  'Content-Security-Policy': "'base-uri; form-action; frame-ancestors'",
  'Strict-Transport-Security': "'max-age=31536000'",
  'X-Frame-Options': "'DENY'",
  'X-Content-Type-Options': "'nosniff'",
  'Referrer-Policy': "'no-referrer'",
  'Cross-Origin-Opener-Policy': "'same-origin'",
  'Cross-Origin-Resource-Policy': "'same-origin'",
  'Permissions-Policy': "'camera=(), geolocation=(), microphone=(), payment=(), usb=()'",
};

/** What API Gateway answers in place of the function. It replaces the one variable; nothing else in it has a dollar sign. */
export function errorPage(config: RegistrationConfig): string {
  const { page: { brandName, colors = DEFAULT_ACCENT } = {}, productName } = config;
  const name = known(brandName ?? productName);
  const css = style(colors);
  const support = supportLinks(config);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; img-src data:">
<title>Please try again in a minute</title>
<link rel="icon" href="data:,">
<style>${css}</style>
</head>
<body>
${name === undefined ? '' : `<header><bdi>${name}</bdi></header>\n`}<main>
<h1>Please try again in a minute</h1>
<p>Something kept us from answering. Your subscription in AWS Marketplace is not affected.</p>
<p>Reload this page, or go to your subscriptions in AWS Marketplace and choose <strong>Set up your account</strong> again.</p>
${support === '' ? '' : `<p>If this continues: ${support}</p>\n`}<p class="small">Reference: $context.requestId</p>
</main>
<footer>Purchased through AWS Marketplace</footer>
</body>
</html>`;
}

function supportLinks({ supportEmail, supportUrl }: RegistrationConfig): string {
  const [email, url] = [known(supportEmail), known(supportUrl)];
  return [
    ...email === undefined ? [] : [`<a href="mailto:${email}">${email}</a>`],
    ...url === undefined ? [] : [`<a href="${url}">Help center</a>`],
  ].join(' · ');
}

/** A text that is safe in the page and in API Gateway's templates; undefined for what only CloudFormation knows, which cannot be made safe. */
function known(text: string | undefined): string | undefined {
  return text === undefined || Token.isUnresolved(text) ? undefined : text.replace(/[&<>"'$]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function style({ accent, darkAccent }: { readonly accent: string; readonly darkAccent: string }): string {
  const { light, dark } = PAGE_COLORS;
  return `
:root{color-scheme:light dark;--accent:${accent};--page:${light.page};--card:${light.card};--text:#14161c;--soft:#525a66;--line:#e2e5ea}
@media(prefers-color-scheme:dark){:root{--accent:${darkAccent};--page:${dark.page};--card:${dark.card};--text:#f1f2f5;--soft:#a9b0bc;--line:#30343f}}
body{max-width:32rem;margin:0 auto;padding:clamp(1rem,4vh,3rem) 1rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}
header{margin:0 .25rem 1rem;font-weight:600;font-size:1.125rem}
main{padding:clamp(1.25rem,5vw,2.25rem);background:var(--card);border:1px solid var(--line);border-radius:14px}
h1{margin:0;font-size:1.5rem;line-height:1.25}
a{color:var(--accent)}
.small,footer{color:var(--soft);font-size:.875rem}
footer{margin:1.25rem .25rem 0}
`;
}
