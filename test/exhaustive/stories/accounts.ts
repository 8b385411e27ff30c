import { START, type Story } from '../support/story';

/** Each begins with functions whose credentials of the seller account have expired: it is days after the last one. */
export const accountStories: readonly Story[] = [
  {
    name: 'a buyer subscribes, and the seller account forwards the events',
    start: START,
    involves: ['Agreements'],
    before: async () => undefined,
    act: async (product) => {
      await product.purchase();
      await product.advance('PT2M');
    },
    after: async (product) => product.until('2026-11-23T06:08:00Z'),
  },
  {
    name: 'a buyer signs up, and the token is resolved with a role of the seller account',
    start: START,
    involves: ['Registration'],
    calls: ['AssumeRole', 'ResolveCustomer'],
    before: async (product) => product.subscribe(),
    act: async (product) => {
      await product.signUp(product.purchases[0], 'Ada');
    },
    after: async (product) => product.until('2026-11-23T06:08:00Z'),
  },
  {
    name: 'an hour is sent with a role of the seller account',
    start: START,
    involves: ['Metering'],
    calls: ['AssumeRole', 'BatchMeterUsage'],
    before: async (product) => {
      await product.subscribe();
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 5), product.usage('b', '2026-11-23T05:57:00Z', 7, { dimension: 'Units' }));
      await product.until('2026-11-23T06:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:12:30Z'),
    after: async (product) => product.until('2026-11-23T06:23:00Z'),
  },
  {
    name: 'agreements are compared with a role of the seller account',
    start: START,
    involves: ['Reconciliation'],
    calls: ['AssumeRole', 'SearchAgreements'],
    before: async (product) => {
      await product.subscribe();
      await product.until('2026-11-23T06:36:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:37:30Z'),
    after: async (product) => product.until('2026-11-23T07:08:00Z'),
  },
];
