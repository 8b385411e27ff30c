import { styleOf } from './pages/style';
import type { RegistrationConfig } from '../../src/names';

const HEADERS = {
  'cache-control': 'no-store',
  'strict-transport-security': 'max-age=31536000',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // A window that opened the page keeps no handle on it, and no other origin embeds what it answers.
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** The page is public, deals with a token, and needs nothing from elsewhere (docs/marketplace-facts.md#f-1-5). */
export function contentSecurityPolicy(config: RegistrationConfig): string {
  return policyWith(config, "form-action 'self'");
}

/**
 * For a page whose form is answered by a redirect to the seller's sign-up: browsers apply `form-action` to the whole
 * chain of redirects, and we do not know where the seller's page redirects to.
 */
export function policyAllowingRedirects(config: RegistrationConfig): string {
  return policyWith(config);
}

/** Headers of each answer, by name in lower case. */
export function securityHeaders(policy: string): Readonly<Record<string, string>> {
  return { 'content-security-policy': policy, ...HEADERS };
}

function policyWith(config: RegistrationConfig, ...more: readonly string[]): string {
  return ["default-src 'none'", `style-src '${styleOf(config).hash}'`, 'img-src data:', ...more, "base-uri 'none'", "frame-ancestors 'none'"].join('; ');
}
