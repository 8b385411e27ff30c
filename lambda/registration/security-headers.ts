import type { MiddlewareHandler } from 'hono';
import { styleOf } from './pages/style';
import type { RegistrationConfig } from '../../src/names';

const HEADERS = {
  'Cache-Control': 'no-store',
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // A window that opened the page keeps no handle on it, and no other origin embeds what it answers.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** The page is public, deals with a token, and needs nothing from elsewhere (docs/marketplace-facts.md#f-1-5). */
export function contentSecurityPolicy(config: RegistrationConfig): string {
  return policy(config, "form-action 'self'");
}

/**
 * For a page whose form is answered by a redirect to the seller's sign-up: browsers apply `form-action` to the whole
 * chain of redirects, and we do not know where the seller's page redirects to.
 */
export function policyAllowingRedirects(config: RegistrationConfig): string {
  return policy(config);
}

/** Sets what the route has not set itself. */
export function securityHeaders(config: RegistrationConfig): MiddlewareHandler {
  const headers = { 'Content-Security-Policy': contentSecurityPolicy(config), ...HEADERS };
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) {
      if (!c.res.headers.has(name)) {
        c.header(name, value);
      }
    }
  };
}

function policy(config: RegistrationConfig, ...more: readonly string[]): string {
  return ["default-src 'none'", `style-src '${styleOf(config).hash}'`, 'img-src data:', ...more, "base-uri 'none'", "frame-ancestors 'none'"].join('; ');
}
