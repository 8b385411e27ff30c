import type { MiddlewareHandler } from 'hono';
import { STYLE_HASH } from './pages/layout';
import type { RegistrationConfig } from '../../src/contract';

/** The page is public, deals with a token, and needs nothing from elsewhere (facts 1.5). */
export function securityHeaders({ signUpUrl }: RegistrationConfig): MiddlewareHandler {
  // Browsers hold the redirect that answers a form to `form-action` as well.
  const formAction = signUpUrl === undefined ? "'self'" : `'self' ${new URL(signUpUrl).origin}`;
  const headers = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src '${STYLE_HASH}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
    'Strict-Transport-Security': 'max-age=31536000',
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) {
      c.header(name, value);
    }
  };
}
