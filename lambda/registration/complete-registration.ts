import type { RegistrationDependencies } from './dependencies';
import { METRICS } from '../../src/names';
import type { BuyerDetails } from '../domain/registration/buyer-form';
import type { RegistrationSession } from '../domain/registration/session';
import { NO_FACTS } from '../domain/subscription/facts';

/**
 * Stores what the buyer told and marks the subscription registered. Personal data goes first, so that whoever hears
 * of the registration finds it; sending the form again completes what was interrupted.
 */
export async function completeRegistration(
  handle: string, session: RegistrationSession, details: BuyerDetails, on: RegistrationDependencies,
): Promise<void> {
  const now = on.clock.now();
  await on.registrations.saveBuyer(session.registrationId, details, session, now);
  const licenseId = await markRegistered(session, session.registeredAt ?? now, on);
  await on.registrations.completeSession(handle, session.registeredAt ?? now, licenseId);
  if (session.registeredAt === undefined) {
    on.metrics.add(METRICS.BUYERS_REGISTERED);
    on.log.info('Registration completed', { registrationId: session.registrationId, licenseId });
  }
}

/**
 * Marks the subscription of a session registered; where its license is not known yet, the registration waits for it.
 *
 * @returns the license, if it is known
 */
export async function markRegistered(
  session: RegistrationSession, registeredAt: number, on: RegistrationDependencies,
): Promise<string | undefined> {
  const { registrationId, licenseId, customerAwsAccountId, productCode, resolvedAt, freeTrialHint } = session;
  const now = on.clock.now();
  if (licenseId !== undefined) {
    await on.store.learn(licenseId, { ...NO_FACTS, registrations: { [registrationId]: registeredAt } }, now);
    return licenseId;
  }
  const account = { customerAwsAccountId, productCode };
  await on.unlinked.add(account, { registrationId, resolvedAt, registeredAt, ...(freeTrialHint ? { freeTrialHint } : {}) }, now);
  const { linked } = await on.links.link(account, now);
  return linked[registrationId];
}
