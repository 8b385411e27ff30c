import type { Outcome } from '../support/outcome';
import type { Product } from '../support/product';
import { START, type Story } from '../support/story';

async function subscribedWithUsage(product: Product): Promise<void> {
  await product.subscribe();
  await product.report(product.usage('a', '2026-11-23T05:57:00Z', 5), product.usage('b', '2026-11-23T05:57:00Z', 7, { dimension: 'Units' }));
}

/** Everything of the hour from 05:00 is sent at 06:12. */
async function withBilledHour(product: Product): Promise<void> {
  await subscribedWithUsage(product);
  await product.until('2026-11-23T06:13:00Z');
}

/** After a crash between the intent and the note of the answer, the record of the other program may be ours as far as anybody knows. */
function isConflict({ ledger, events }: Outcome): boolean {
  const reasons = Object.values(ledger).flatMap((item) => {
    const { state, reason } = item as { state?: string; reason?: string };
    return state === 'UNRESOLVED' ? [reason] : [];
  });
  return reasons.length === 1 && reasons[0] === 'MaybeMeteredElsewhere' && Object.keys(events).some((id) => id.startsWith('usage-unresolved:'));
}

export const meteringStories: readonly Story[] = [
  {
    name: 'an ordinary hour is closed and sent',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await subscribedWithUsage(product);
      await product.until('2026-11-23T06:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:12:30Z'),
    after: async (product) => product.until('2026-11-23T06:23:00Z'),
  },
  {
    name: 'a fraction of a unit is carried into the next hour',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await product.subscribe();
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 150, { metric: 'BackupMb' }));
      await product.until('2026-11-23T06:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:12:30Z'),
    after: async (product) => {
      await product.report(product.usage('b', '2026-11-23T06:12:00Z', 50, { metric: 'BackupMb' }));
      await product.until('2026-11-23T07:13:00Z');
    },
  },
  {
    name: 'late usage comes in and is carried',
    start: START,
    involves: ['UsageIntake', 'Metering'],
    before: withBilledHour,
    act: async (product) => {
      await product.until('2026-11-23T06:15:00Z');
      await product.report(product.usage('late', '2026-11-23T05:58:00Z', 11));
      await product.until('2026-11-23T06:22:30Z');
    },
    after: async (product) => product.until('2026-11-23T07:13:00Z'),
  },
  {
    name: 'an hour with usage carried into it is closed and sent',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await withBilledHour(product);
      await product.report(product.usage('late', '2026-11-23T05:58:00Z', 11), product.usage('c', '2026-11-23T06:12:00Z', 1));
      await product.until('2026-11-23T07:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T07:12:30Z'),
    after: async (product) => product.until('2026-11-23T07:23:00Z'),
  },
  {
    name: 'a call is refused for one of three records',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await subscribedWithUsage(product);
      await product.purchase('444455556666');
      await product.advance('PT2M');
      await product.report(product.usage('c', '2026-11-23T05:59:00Z', 3, { license: product.purchases[1].licenseId }));
      await product.until('2026-11-23T06:11:00Z');
    },
    act: async (product) => {
      // all three, the first two, the first
      await product.sandbox.addFault({ service: 'metering', error: 'InvalidUsageDimensionException', times: 3 });
      await product.until('2026-11-23T06:12:30Z');
    },
    after: async (product) => {
      await product.sandbox.clearFaults();
      await product.until('2026-11-23T06:33:00Z');
    },
  },
  {
    name: 'another program has metered the hour with another quantity',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await subscribedWithUsage(product);
      await product.meterElsewhere('ApiCalls', '2026-11-23T05:00:00Z', 3);
      await product.until('2026-11-23T06:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:12:30Z'),
    after: async (product) => product.until('2026-11-23T06:38:00Z'),
    orElse: isConflict,
  },
];
