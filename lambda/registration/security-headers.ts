import type { MiddlewareHandler } from 'hono';
import { STYLE_HASH } from './pages/layout';

/** The page is public, deals with a token, and needs nothing from elsewhere (docs/marketplace-facts.md#f-1-5). */
export const CONTENT_SECURITY_POLICY = contentSecurityPolicy("form-action 'self'");

/**
 * For a page whose form is answered by a redirect to the seller's sign-up: browsers apply `form-action` to the whole
 * chain of redirects, and we do not know where the seller's page redirects to.
 */
export const CSP_ALLOWING_REDIRECTS = contentSecurityPolicy();

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Sets what the route has not set itself. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) {
    if (!c.res.headers.has(name)) {
      c.header(name, value);
    }
  }
};

function contentSecurityPolicy(...more: readonly string[]): string {
  return ["default-src 'none'", `style-src '${STYLE_HASH}'`, ...more, "base-uri 'none'", "frame-ancestors 'none'"].join('; ');
}
