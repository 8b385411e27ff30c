import { START, type Story } from '../support/story';

export const intakeStories: readonly Story[] = [
  {
    name: 'usage comes in, one record twice',
    start: START,
    involves: ['UsageIntake'],
    before: async (product) => product.subscribe(),
    act: async (product) => {
      const first = product.usage('a', '2026-11-23T05:57:00Z', 5);
      await product.report(first, product.usage('b', '2026-11-23T05:57:01Z', 7), product.usage('c', '2026-11-23T05:57:02Z', 9, { dimension: 'Units' }));
      await product.report(first);
      await product.advance('PT30S');
    },
    after: async (product) => product.until('2026-11-23T06:13:00Z'),
  },
  {
    name: 'the app invokes the intake itself',
    start: START,
    involves: ['UsageIntake'],
    before: async (product) => product.subscribe(),
    act: async (product) => {
      const records = [product.usage('a', '2026-11-23T05:57:00Z', 5), product.usage('b', '2026-11-23T05:57:01Z', -1)];
      await product.invoke('IntakeFunctionName', { records });
    },
    after: async (product) => product.until('2026-11-23T06:13:00Z'),
  },
  {
    name: 'records that are wrong come in',
    start: START,
    involves: ['UsageIntake'],
    before: async (product) => {
      await product.subscribe();
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 5));
      await product.advance('PT10S');
    },
    act: async (product) => {
      await product.send('{"id": ');
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 6), product.usage('b', '2026-11-23T05:57:00Z', 1, { dimension: 'Unknown' }));
      await product.advance('PT30S');
    },
    after: async (product) => product.until('2026-11-23T06:13:00Z'),
  },
];
