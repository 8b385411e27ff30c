import type { SubscriptionState } from '../../../../lambda/domain/subscription/state';
import { isUnregistered } from '../../../../lambda/domain/subscription/unregistered';
import { at } from '../../../support/facts';

const ACTIVE = { status: 'ACTIVE', activeSince: at(0) } as SubscriptionState;

test.each([
  ['a buyer who is active for a day', {}, 1440, true],
  ['a buyer who is active for less than a day', {}, 1439, false],
  ['a buyer who has registered', { registeredAt: at(9) }, 1440, false],
  ['a renewal', { isRenewal: true }, 1440, false],
  ['a subscription that ends', { status: 'ENDING' }, 1440, false],
] as const)('%s counts as unregistered or not', (_, change, minutes, expected) => {
  expect(isUnregistered({ ...ACTIVE, ...change } as SubscriptionState, at(minutes))).toBe(expected);
});
