import { requiredString } from './shapes';
import { WireError } from './wire';
import type { Clock } from '../../ports';
import type { Settings } from '../settings/settings';
import { customerIdentifierOf } from '../world/ids';
import type { MarketplaceState, IssuedToken } from '../world/marketplace-state';
import { SECOND } from '../world/time';

/** ResolveCustomer: docs/marketplace-facts.md#f-1-2 and docs/marketplace-facts.md#f-1-3. */
export function resolveCustomer(input: Record<string, unknown>, state: MarketplaceState, clock: Clock, settings: Settings): Record<string, unknown> {
  const registrationToken = requiredString(input, 'RegistrationToken', 'registrationToken', { minimum: 1 });
  const token = state.tokens.get(registrationToken);
  if (!token) {
    throw new WireError('InvalidTokenException', 'Registration token is invalid.');
  }
  const life = settings.get(token.source === 'browser' ? 'registration.tokenLifeSeconds' : 'registration.agreementTokenLifeSeconds');
  if (clock.now() >= token.issuedAt + life * SECOND) {
    throw new WireError('ExpiredTokenException', 'The submitted registration token has expired.');
  }
  if (token.resolved && settings.get('registration.singleUseTokens')) {
    throw new WireError('InvalidTokenException', 'Registration token is invalid.');
  }
  token.resolved = true;
  token.license.resolves += 1;
  return {
    ...customerIdentifier(token, settings),
    CustomerAWSAccountId: token.license.customerAwsAccountId,
    ProductCode: token.license.product.productCode,
    ...showsLicense(token, settings) && { LicenseArn: token.license.licenseArn },
  };
}

function customerIdentifier({ license }: IssuedToken, settings: Settings): Record<string, unknown> {
  if (license.product.agreementMode === 'LEGACY') {
    return { CustomerIdentifier: customerIdentifierOf(license.customerAwsAccountId) };
  }
  switch (settings.get('registration.customerIdentifier')) {
    case 'empty': return { CustomerIdentifier: '' };
    case 'null': return { CustomerIdentifier: null };
    default: return {};
  }
}

function showsLicense({ license }: IssuedToken, settings: Settings): boolean {
  switch (settings.get('registration.licenseArn')) {
    case 'missing-on-first-call': return license.resolves > 1;
    case 'missing-until-license-updated': return license.activeAt !== undefined;
    default: return true;
  }
}
