import type { Product } from '../support/product';
import { START, type Story } from '../support/story';

const CUT_OVER = '2026-11-23T07:00:00Z';

/** A buyer with a customer identifier, whose license AWS has announced. */
async function legacySubscriber(product: Product): Promise<void> {
  await product.subscribe();
  await product.signUp(product.purchases[0], 'Ada');
}

/** The seller sends the request until the answer says that the buyer moves. */
async function moved(product: Product, cutOver = CUT_OVER): Promise<void> {
  const { customerIdentifier } = await product.legacyBuyer();
  const answer = await product.invoke('ReconciliationFunctionName', { migrate: { dryRun: false, cutOver, customers: [customerIdentifier] } });
  const { migrated } = answer as { migrated?: readonly unknown[] };
  if (migrated?.length !== 1) throw new Error(`the buyer was not moved: ${JSON.stringify(answer)}`);
}

async function reportBothWays(product: Product, id: string, time: string): Promise<void> {
  const { customerIdentifier } = await product.legacyBuyer();
  await product.report(
    product.usage(`${id}-customer`, time, 5, { license: undefined, customerIdentifier }), product.usage(`${id}-license`, time, 7),
  );
}

export const migrationStories: readonly Story[] = [
  {
    name: 'a buyer is moved from customer identifier to license',
    start: START,
    explores: 'writes',
    involves: ['Reconciliation'],
    before: legacySubscriber,
    act: async (product) => moved(product),
    after: async (product) => product.until('2026-11-23T07:38:00Z'),
  },
  {
    name: 'the cut-over of a buyer is moved to a later hour',
    start: START,
    explores: 'writes',
    involves: ['Reconciliation'],
    before: async (product) => {
      await legacySubscriber(product);
      await moved(product);
    },
    act: async (product) => moved(product, '2026-11-23T08:00:00Z'),
    after: async (product) => product.until('2026-11-23T08:38:00Z'),
  },
  {
    name: 'the cut-over comes, and what was reported of the hour before goes its own way',
    start: START,
    explores: 'writes',
    involves: ['Metering', 'Reconciliation'],
    calls: ['BatchMeterUsage'],
    before: async (product) => {
      await legacySubscriber(product);
      await moved(product);
      await product.until('2026-11-23T06:55:00Z');
      await reportBothWays(product, 'before', '2026-11-23T06:54:00Z');
      await product.until('2026-11-23T07:06:00Z');
    },
    act: async (product) => product.until('2026-11-23T07:12:30Z'),
    after: async (product) => product.until('2026-11-23T09:13:00Z'),
  },
  {
    name: 'usage of the cut-over hour goes to the license, however the buyer is named',
    start: START,
    explores: 'writes',
    involves: ['Metering'],
    calls: ['BatchMeterUsage'],
    before: async (product) => {
      await legacySubscriber(product);
      await moved(product);
      await product.until('2026-11-23T07:55:00Z');
      await reportBothWays(product, 'between', '2026-11-23T07:54:00Z');
      await product.until('2026-11-23T09:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T09:12:30Z'),
    after: async (product) => product.until('2026-11-23T09:23:00Z'),
  },
];
