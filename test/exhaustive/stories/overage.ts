import { START, type Story } from '../support/story';

const BUYER = '111122223333';
const TEN_CALLS = { quantities: { PaidCalls: 10 } };

export const overageStories: readonly Story[] = [
  {
    name: 'of an hour\'s usage only what exceeds the entitlement is billed',
    start: START,
    explores: 'writes',
    involves: ['Metering'],
    calls: ['BatchMeterUsage'],
    before: async (product) => {
      await product.subscribe(BUYER, TEN_CALLS);
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 12));
      await product.until('2026-11-23T06:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:12:30Z'),
    after: async (product) => product.until('2026-11-23T06:23:00Z'),
  },
  {
    name: 'two hours draw on what an upgrade adds to the month, and late usage on what is left of it',
    start: START,
    explores: 'writes',
    involves: ['Metering'],
    calls: ['BatchMeterUsage'],
    before: async (product) => {
      await product.subscribe(BUYER, TEN_CALLS);
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 12));
      await product.until('2026-11-23T06:22:00Z');
      await product.amend({ PaidCalls: 15 });
      await product.advance('PT2M');
      await product.report(product.usage('b', '2026-11-23T06:24:00Z', 4), product.usage('late', '2026-11-23T05:56:00Z', 3));
      await product.until('2026-11-23T07:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T07:12:30Z'),
    after: async (product) => product.until('2026-11-23T08:13:00Z'),
  },
  {
    name: 'usage waits for entitlements that AWS has not shown, and draws on them when it has',
    start: START,
    explores: 'writes',
    involves: ['Metering', 'Reconciliation'],
    calls: ['GetEntitlements', 'BatchMeterUsage'],
    before: async (product) => {
      await product.sandbox.set({ 'entitlements.delaySeconds': 1800 });
      await product.subscribe(BUYER, TEN_CALLS);
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 12));
      await product.until('2026-11-23T06:36:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:42:30Z'),
    after: async (product) => product.until('2026-11-23T07:13:00Z'),
  },
];
