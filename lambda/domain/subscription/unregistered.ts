import type { SubscriptionState } from './state';
import { DAY_MS } from '../time';

/** A buyer has this long to register before the seller is informed. */
export const REGISTRATION_EXPECTED_WITHIN_MS = DAY_MS;

/** Whether the buyer should have registered by now, and has not. */
export function isUnregistered({ status, activeSince, registeredAt, isRenewal }: SubscriptionState, now: number): boolean {
  return status === 'ACTIVE' && registeredAt === undefined && !isRenewal && now - (activeSince ?? now) >= REGISTRATION_EXPECTED_WITHIN_MS;
}
