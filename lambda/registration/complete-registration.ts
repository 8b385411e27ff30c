import type { RegistrationDependencies } from './dependencies';
import { markRegistered } from './mark-registered';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import type { BuyerDetails } from '../domain/registration/buyer-form';
import type { RegistrationSession } from '../domain/registration/session';

/**
 * Stores what the buyer entered and marks the subscription registered. Personal data goes first, so that it is there
 * when the app handles the event; sending the form again completes what was interrupted.
 *
 * @returns the session, completed
 */
export async function completeRegistration(
  handle: string, session: RegistrationSession, details: BuyerDetails, deps: RegistrationDependencies,
): Promise<RegistrationSession> {
  const now = deps.clock.now();
  const registeredAt = session.registeredAt ?? now;
  await deps.registrations.saveBuyer(session.registrationId, details, session, now);
  const licenseId = (await markRegistered(session, registeredAt, deps))?.licenseId;
  const isFirst = await deps.registrations.completeSession(handle, registeredAt, licenseId);
  await expireFormerBuyers(licenseId, session, deps);
  if (isFirst) {
    deps.metrics.add(METRICS.BUYERS_REGISTERED);
    deps.log.info('Registration completed', { registrationId: session.registrationId, licenseId });
  }
  return defined({ ...session, registeredAt, licenseId: licenseId ?? session.licenseId });
}

/** The registration is complete: a failure here must not show the buyer an error. The next one of the license tries again. */
async function expireFormerBuyers(
  licenseId: string | undefined, session: RegistrationSession, { registrations, clock, log }: RegistrationDependencies,
): Promise<void> {
  if (licenseId === undefined) {
    return;
  }
  try {
    await registrations.expireFormerBuyers(licenseId, session.registrationId, session, clock.now());
  } catch (error) {
    log.warn('What former buyers of a license entered does not expire yet', { licenseId, ...describeError(error, { message: false }) });
  }
}
