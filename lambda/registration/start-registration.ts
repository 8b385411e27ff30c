import type { RegistrationDependencies } from './dependencies';
import { type OpenedRegistration, signUpOf } from './sign-up';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { type ResolvedCustomer, TokenRefusedError } from '../domain/registration/ports';
import type { RegistrationSession } from '../domain/registration/session';
import { legacyIdOf } from '../domain/subscription/legacy-customer';
import { licenseIdOf } from '../domain/subscription/license';
import type { Subscriptions } from '../subscriptions/subscriptions';

export type StartOutcome =
  | { readonly outcome: 'STARTED' } & OpenedRegistration
  | { readonly outcome: 'EXPIRED' | 'INVALID' | 'OTHER_PRODUCT' };

/**
 * Redeems a registration token at once, records what it stands for, and opens a session. The token goes nowhere else;
 * redeeming it again adds only a session.
 *
 * @throws any error of AWS or of ours that may pass
 */
export async function startRegistration(token: string, freeTrialHint: boolean, deps: RegistrationDependencies): Promise<StartOutcome> {
  const resolved = await resolve(token, deps);
  if ('outcome' in resolved) {
    return resolved;
  }
  const { productCode } = resolved;
  if (productCode !== deps.productCode) {
    deps.log.error('A token of another product came in: is its fulfillment URL this one?', { productCode });
    deps.metrics.add(METRICS.REGISTRATION_FAILURES);
    return { outcome: 'OTHER_PRODUCT' };
  }
  const session = await recordStart(resolved, freeTrialHint || undefined, deps);
  countToken('STARTED', deps);
  return { outcome: 'STARTED', ...await signUpOf(deps.config).openRegistration(session, deps) };
}

/** The other count is written too: the alarm on a wrong seller account compares the two. */
function countToken(outcome: 'STARTED' | 'INVALID' | 'EXPIRED', { metrics }: RegistrationDependencies): void {
  metrics.add(METRICS.REGISTRATIONS_STARTED, outcome === 'STARTED' ? 1 : 0);
  metrics.add(METRICS.REGISTRATION_TOKENS_INVALID, outcome === 'INVALID' ? 1 : 0);
  metrics.add(METRICS.REGISTRATION_TOKENS_EXPIRED, outcome === 'EXPIRED' ? 1 : 0);
}

async function recordStart(
  resolved: ResolvedCustomer, freeTrialHint: true | undefined, { subscriptions, clock, log, newId, agreementMode }: RegistrationDependencies,
): Promise<RegistrationSession> {
  const { customerAwsAccountId, productCode, licenseArn } = resolved;
  const now = clock.now();
  const registrationId = newId();
  const session = defined({ registrationId, customerAwsAccountId, productCode, resolvedAt: now, freeTrialHint });
  const licenseId = await subscriptionOf(resolved, subscriptions, agreementMode);
  if (licenseId === undefined) {
    log.info('ResolveCustomer names no subscription yet', { registrationId, customerAwsAccountId, agreementMode });
    return session;
  }
  const { state } = await subscriptions.recordResolution(licenseId, defined({ ...resolved, firstAt: now, lastAt: now, freeTrialHint }), now);
  log.info('Registration started', { registrationId, licenseId, customerAwsAccountId });
  const { registeredAt: firstRegisteredAt, firstRegistrationId, endedAt } = state;
  const registeredBefore = firstRegisteredAt !== undefined || undefined;
  return defined({ ...session, licenseId, licenseArn, registeredBefore, firstRegisteredAt, firstRegistrationId, endedAt });
}

/**
 * ResolveCustomer names a license for legacy products too, which is not metered by it (docs/marketplace-facts.md#f-2-3). While buyers are migrated,
 * one with a customer identifier is a legacy one until its migration is recorded.
 */
async function subscriptionOf(
  { productCode, customerIdentifier, licenseArn }: ResolvedCustomer, subscriptions: Subscriptions, agreementMode = 'CONCURRENT',
): Promise<string | undefined> {
  const license = licenseArn === undefined ? undefined : licenseIdOf(licenseArn);
  const formerId = customerIdentifier === undefined ? undefined : legacyIdOf({ productCode, customerIdentifier });
  switch (agreementMode) {
    case 'LEGACY':
      return formerId;
    case 'MIGRATING':
      return formerId === undefined ? license : await subscriptions.continuationOf(formerId) ?? formerId;
    default:
      return license;
  }
}

/** No token of AWS Marketplace has a space, a control character or so much text: anyone can post one, and each call to AWS takes time. */
const POSSIBLE_TOKEN = /^[\x21-\x7e]{1,4096}$/;

async function resolve(token: string, deps: RegistrationDependencies) {
  if (!POSSIBLE_TOKEN.test(token)) {
    deps.log.info('A registration token was refused', { reason: 'IMPOSSIBLE' });
    return { outcome: 'INVALID' as const };
  }
  try {
    return await deps.resolver.resolve(token);
  } catch (error) {
    if (error instanceof TokenRefusedError) {
      deps.log.info('A registration token was refused', { reason: error.reason });
      countToken(error.reason, deps);
      return { outcome: error.reason };
    }
    throw error;
  }
}
