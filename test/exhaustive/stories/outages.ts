import type { Outcome } from '../support/outcome';
import type { Product } from '../support/product';
import { START, type Story } from '../support/story';

/** When an hour from 05:00 is too old to be sent. */
const TOO_OLD = '2026-11-24T05:01:00Z';

async function withTwoBuckets(product: Product): Promise<void> {
  await product.subscribe();
  await product.report(product.usage('a', '2026-11-23T05:57:00Z', 5), product.usage('b', '2026-11-23T05:57:00Z', 7, { dimension: 'Units' }));
  await product.until('2026-11-23T06:11:00Z');
}

/** No function runs until then. */
async function nothingRunsUntil(product: Product, time: string): Promise<void> {
  await product.sandbox.addFault({ service: 'lambda', drop: true, times: 100_000 });
  await product.until(time);
  await product.sandbox.clearFaults();
}

/** One hour whose metering call failed without an answer, a day later. */
async function withUnknownOutcome(product: Product): Promise<void> {
  await product.subscribe();
  await product.report(product.usage('a', '2026-11-23T05:57:00Z', 5));
  await product.until('2026-11-23T06:11:00Z');
  await product.sandbox.addFault({ service: 'metering', error: 'InternalServiceErrorException', times: 100 });
  await product.until('2026-11-23T06:12:30Z');
  await product.sandbox.clearFaults();
  await nothingRunsUntil(product, TOO_OLD);
}

/** An hour that AWS refuses after a crash may have been taken before it: only CloudTrail shows it. */
function isUnresolved({ ledger, events }: Outcome): boolean {
  const open = Object.values(ledger).some((item) => (item as { state?: string }).state === 'UNRESOLVED');
  return open && Object.keys(events).some((id) => id.startsWith('usage-unresolved:'));
}

export const outageStories: readonly Story[] = [
  {
    name: 'a call is throttled, then leaves a record unprocessed',
    start: START,
    involves: ['Metering'],
    before: withTwoBuckets,
    act: async (product) => {
      await product.sandbox.addFault({ service: 'metering', error: 'ThrottlingException', times: 1 });
      await product.sandbox.addFault({ service: 'metering', error: { code: 'Unprocessed', count: 1 }, times: 1 });
      await product.until('2026-11-23T06:12:30Z');
    },
    after: async (product) => product.until('2026-11-23T06:23:00Z'),
  },
  {
    name: 'a call is taken, but answered with a server error',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await product.sandbox.set({ 'metering.identicalResend': 'DuplicateRecord' });
      await withTwoBuckets(product);
    },
    act: async (product) => {
      await product.sandbox.addFault({ service: 'metering', error: { code: 'InternalServiceErrorException', after: true }, times: 1 });
      await product.until('2026-11-23T06:12:30Z');
    },
    after: async (product) => product.until('2026-11-23T06:33:00Z'),
    // after a crash it is not known whose record AWS has
    orElse: isUnresolved,
  },
  {
    name: 'a whole day was missed',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await withTwoBuckets(product);
      await nothingRunsUntil(product, TOO_OLD);
    },
    act: async (product) => product.until('2026-11-24T05:02:30Z'),
    after: async (product) => product.until('2026-11-24T06:13:00Z'),
  },
  {
    name: 'an hour of which nobody knows becomes too old',
    start: START,
    involves: ['Metering'],
    before: withUnknownOutcome,
    act: async (product) => product.until('2026-11-24T05:02:30Z'),
    after: async (product) => product.until('2026-11-24T05:38:00Z'),
  },
  {
    name: 'an unresolved hour is settled as refused, and carried',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await withUnknownOutcome(product);
      await product.until('2026-11-24T05:13:00Z');
    },
    act: async (product) => {
      const bucket = { license: product.purchases[0].licenseId, dimension: 'ApiCalls', hour: '2026-11-23T05' };
      await product.invoke('MeteringFunctionName', { settle: { ...bucket, outcome: 'REFUSED' } });
    },
    after: async (product) => product.until('2026-11-24T06:13:00Z'),
  },
  {
    name: 'an hour is refused as too old, and carried',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await product.sandbox.set({ 'metering.maxAgeHours': 1 });
      await withTwoBuckets(product);
    },
    act: async (product) => product.until('2026-11-23T06:12:30Z'),
    after: async (product) => {
      await product.until('2026-11-23T06:33:00Z');
      await product.sandbox.set({ 'metering.maxAgeHours': 24 });
      await product.until('2026-11-23T07:13:00Z');
    },
    orElse: isUnresolved,
  },
];
