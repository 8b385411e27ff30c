import type { RegistrationDependencies } from './dependencies';
import { METRICS } from '../../src/names';
import { TokenRefusedError } from '../adapters/marketplace/customer-resolver';
import type { RegistrationSession } from '../domain/registration/session';
import { NO_FACTS } from '../domain/subscription/facts';
import { licenseIdOf } from '../domain/subscription/license';

export type StartOutcome =
  | { readonly outcome: 'STARTED'; readonly session: RegistrationSession }
  | { readonly outcome: 'EXPIRED' | 'INVALID' | 'OTHER_PRODUCT' };

/**
 * Redeems a registration token at once and records what it stands for. The token goes nowhere else; doing so again
 * adds nothing but a session.
 *
 * @throws whatever keeps AWS or us from it for the moment
 */
export async function startRegistration(token: string, freeTrialHint: boolean, on: RegistrationDependencies): Promise<StartOutcome> {
  const resolved = await resolve(token, on);
  if ('outcome' in resolved) {
    return resolved;
  }
  const { customerAwsAccountId, productCode, licenseArn } = resolved;
  if (productCode !== on.productCode) {
    on.log.error('A token of another product came in: is its fulfillment URL this one?', { productCode });
    on.metrics.add(METRICS.REGISTRATION_FAILURES);
    return { outcome: 'OTHER_PRODUCT' };
  }
  const now = on.clock.now();
  const hint = freeTrialHint ? { freeTrialHint } : {};
  const licenseId = licenseArn === undefined ? undefined : licenseIdOf(licenseArn);
  const session = { registrationId: on.newId(), customerAwsAccountId, productCode, resolvedAt: now, ...hint };
  if (licenseId === undefined) {
    on.log.info('ResolveCustomer names no license yet', { registrationId: session.registrationId, customerAwsAccountId });
    return { outcome: 'STARTED', session };
  }
  const { transition } = await on.store.learn(licenseId, { ...NO_FACTS, resolution: { ...resolved, firstAt: now, lastAt: now, ...hint } }, now);
  await on.links.link({ customerAwsAccountId, productCode }, now, [licenseId]);
  const registeredBefore = transition.state.registeredAt !== undefined;
  on.log.info('Registration started', { registrationId: session.registrationId, licenseId, customerAwsAccountId });
  return { outcome: 'STARTED', session: { ...session, licenseId, licenseArn, ...(registeredBefore ? { registeredBefore } : {}) } };
}

async function resolve(token: string, on: RegistrationDependencies) {
  try {
    return await on.resolver.resolve(token);
  } catch (error) {
    if (error instanceof TokenRefusedError) {
      on.log.info('A registration token was refused', { reason: error.reason });
      return { outcome: error.reason };
    }
    throw error;
  }
}
