import { START, type Story } from '../support/story';

const BUYER = '111122223333';
const TEN_CALLS = { quantities: { PaidCalls: 10 } };

export const legacyStories: readonly Story[] = [
  {
    name: 'notifications say that a legacy buyer subscribed, and what was paid for',
    start: START,
    explores: 'writes',
    involves: ['Agreements'],
    calls: ['GetEntitlements', 'PutEvents'],
    before: async () => undefined,
    act: async (product) => product.subscribe(BUYER, TEN_CALLS),
    after: async (product) => product.until('2026-11-23T06:38:00Z'),
  },
  {
    name: 'a legacy buyer signs up before the notifications come',
    start: START,
    explores: 'writes',
    involves: ['Registration'],
    calls: ['ResolveCustomer'],
    before: async (product) => {
      await product.purchase(BUYER, TEN_CALLS);
    },
    act: async (product) => {
      await product.signUp(product.purchases[0], 'Ada');
    },
    after: async (product) => product.until('2026-11-23T06:38:00Z'),
  },
  {
    name: 'an hour of a legacy buyer is billed by customer identifier, for what exceeds the entitlement',
    start: START,
    explores: 'writes',
    involves: ['Metering'],
    calls: ['BatchMeterUsage'],
    before: async (product) => {
      await product.subscribe(BUYER, TEN_CALLS);
      const { customerIdentifier } = await product.legacyBuyer();
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 12, { license: undefined, customerIdentifier }));
      await product.until('2026-11-23T06:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:12:30Z'),
    after: async (product) => product.until('2026-11-23T06:23:00Z'),
  },
  {
    name: 'a notification says that a legacy buyer unsubscribes, and another one that nothing is paid for any more',
    start: START,
    explores: 'writes',
    involves: ['Agreements'],
    calls: ['PutEvents'],
    before: async (product) => product.subscribe(BUYER, TEN_CALLS),
    act: async (product) => {
      await product.cancel();
      await product.advance('PT30S');
    },
    after: async (product) => product.until('2026-11-23T07:38:00Z'),
  },
];
