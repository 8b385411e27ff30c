import type { RegistrationDependencies } from './dependencies';
import { METRICS } from '../../src/names';
import { type BuyerEmail, buyerEmailConfirmed, confirmationState, type ConfirmationState } from '../domain/registration/buyer-email';
import { readConfirmationId } from '../domain/registration/confirmation-link';

export interface Confirmation {
  readonly state: ConfirmationState;
  readonly buyer?: BuyerEmail;
}

/** What the link of an e-mail leads to. */
export async function readConfirmation(id: string, { buyerEmails, clock }: RegistrationDependencies): Promise<Confirmation> {
  const link = readConfirmationId(id);
  const buyer = link && await buyerEmails.read(link.registrationId);
  return link && buyer ? { state: confirmationState(buyer, link.tokenHash, clock.now()), buyer } : { state: 'INVALID' };
}

/** Confirms an address by the secret of its e-mail: of parallel requests, one publishes the event. */
export async function confirmEmail(
  id: string, deps: RegistrationDependencies,
): Promise<{ readonly state: ConfirmationState; readonly registrationId?: string }> {
  const { state, buyer } = await readConfirmation(id, deps);
  if (state === 'INVALID' || buyer === undefined) {
    return { state: 'INVALID' };
  }
  const { registrationId } = buyer;
  if (state === 'CONFIRMABLE') {
    const now = deps.clock.now();
    const isFirst = await deps.buyerEmails.confirm(buyer, buyerEmailConfirmed(buyer, now), now);
    deps.metrics.add(METRICS.BUYER_EMAILS_CONFIRMED, isFirst ? 1 : 0);
    deps.log.info('Email address confirmed', { registrationId, isFirst });
  }
  return { state: 'CONFIRMED', registrationId };
}
