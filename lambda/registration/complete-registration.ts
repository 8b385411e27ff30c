import type { RegistrationDependencies } from './dependencies';
import { markRegistered } from './mark-registered';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import { buyerEmailEntered } from '../domain/registration/buyer-email';
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
  const events = deps.config.welcomeEmail === undefined ? [] : [buyerEmailEntered(session, now)];
  await deps.registrations.saveBuyer(details, session, now, events);
  const licenseId = (await markRegistered(session, registeredAt, deps))?.licenseId;
  const isFirst = await deps.registrations.completeSession(handle, registeredAt, licenseId);
  await expireFormerBuyers(licenseId, session, deps);
  if (events.length > 0) {
    await publishEvents(session.registrationId, deps);
  }
  if (isFirst) {
    deps.metrics.add(METRICS.BUYERS_REGISTERED);
    deps.log.info('Registration completed', { registrationId: session.registrationId, licenseId });
  }
  return defined({ ...session, registeredAt, licenseId: licenseId ?? session.licenseId });
}

/** A registration does not wait for an e-mail: reconciliation publishes later what cannot be published now. */
export async function publishEvents(registrationId: string, { registrations, log }: Pick<RegistrationDependencies, 'registrations' | 'log'>): Promise<void> {
  try {
    await registrations.publishPendingEvents(registrationId);
  } catch (error) {
    log.warn('Domain events stay pending until the next sweep', { registrationId, ...describeError(error, { message: false }) });
  }
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
