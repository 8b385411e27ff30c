import type { Story } from '../support/story';

export const zeroUsageStories: readonly Story[] = [
  {
    name: 'an hour without usage in one of two dimensions is closed and sent',
    start: '2026-11-23T05:55:00Z',
    involves: ['Metering'],
    before: async (product) => {
      await product.subscribe();
      await product.until('2026-11-23T06:59:00Z');
      await product.report(product.usage('a', '2026-11-23T06:30:00Z', 5));
      await product.until('2026-11-23T07:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T07:12:30Z'),
    after: async (product) => product.until('2026-11-23T07:33:00Z'),
  },
];
