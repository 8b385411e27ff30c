import type { RegistrationDependencies } from './dependencies';
import { defined } from '../domain/defined';
import type { RegistrationSession } from '../domain/registration/session';
import type { RecordedSubscription } from '../domain/subscription/ports';

/**
 * Marks the subscription of a session registered; where its license is not known yet, the registration waits for it.
 *
 * @param registeredAt epoch milliseconds
 * @returns the subscription, if its license is known
 */
export async function markRegistered(
  session: RegistrationSession, registeredAt: number, { subscriptions, clock }: RegistrationDependencies,
): Promise<RecordedSubscription | undefined> {
  const { registrationId, licenseId, resolvedAt, freeTrialHint } = session;
  const registration = defined({ registrationId, resolvedAt, registeredAt, freeTrialHint });
  return subscriptions.recordRegistration(registration, session, licenseId, clock.now());
}
