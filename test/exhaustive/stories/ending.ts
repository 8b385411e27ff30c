import type { Product } from '../support/product';
import { START, type Story } from '../support/story';

/** A license with an hour that is over, and one that runs. */
async function withRunningHour(product: Product): Promise<void> {
  await product.subscribe();
  await product.report(product.usage('a', '2026-11-23T05:57:00Z', 5));
  await product.until('2026-11-23T06:04:00Z');
  await product.report(product.usage('b', '2026-11-23T06:03:00Z', 7));
  await product.until('2026-11-23T06:05:00Z');
}

async function cancelledWithUsage(product: Product): Promise<void> {
  await withRunningHour(product);
  await product.cancel();
}

export const endingStories: readonly Story[] = [
  {
    name: 'a subscription is cancelled, its closed hour is sent at once',
    start: START,
    involves: ['Agreements', 'Metering'],
    before: async (product) => {
      // an event that comes after a later one says what is known by then: that would be another story
      await product.sandbox.set({ 'events.deprovisionedDelaySeconds': 600 });
      await withRunningHour(product);
    },
    act: async (product) => {
      await product.cancel();
      await product.advance('PT30S');
    },
    after: async (product) => product.until('2026-11-23T07:38:00Z'),
  },
  {
    name: 'the running hour of a cancelled subscription is sent',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await cancelledWithUsage(product);
      await product.until('2026-11-23T06:10:00Z');
      await product.report(product.usage('c', '2026-11-23T06:04:30Z', 2));
      await product.until('2026-11-23T06:21:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:22:30Z'),
    after: async (product) => product.until('2026-11-23T07:13:00Z'),
  },
  {
    name: 'the final hour is over, and the subscription ends',
    start: START,
    involves: ['Reconciliation'],
    before: async (product) => {
      await cancelledWithUsage(product);
      await product.until('2026-11-23T07:06:00Z');
    },
    act: async (product) => product.until('2026-11-23T07:07:30Z'),
    after: async (product) => product.until('2026-11-23T07:38:00Z'),
  },
  {
    name: 'usage comes after the end, and is rejected',
    start: START,
    involves: ['UsageIntake', 'Metering'],
    before: async (product) => {
      await cancelledWithUsage(product);
      await product.until('2026-11-23T07:10:00Z');
    },
    act: async (product) => {
      await product.report(product.usage('too-late', '2026-11-23T06:04:00Z', 2));
      await product.until('2026-11-23T07:12:30Z');
    },
    after: async (product) => product.until('2026-11-23T07:38:00Z'),
  },
];
