import { START, type Story } from '../support/story';

export const dryRunStories: readonly Story[] = [
  {
    name: 'an hour is closed, and recorded as what would have been sent',
    start: START,
    involves: ['Metering'],
    before: async (product) => {
      await product.subscribe();
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 5), product.usage('b', '2026-11-23T05:57:00Z', 150, { metric: 'BackupMb' }));
      await product.until('2026-11-23T06:11:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:12:30Z'),
    after: async (product) => product.until('2026-11-23T06:23:00Z'),
  },
  {
    name: 'late usage of an hour that would have been sent is carried',
    start: START,
    involves: ['UsageIntake', 'Metering'],
    before: async (product) => {
      await product.subscribe();
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', 5));
      await product.until('2026-11-23T06:13:00Z');
    },
    act: async (product) => {
      await product.report(product.usage('late', '2026-11-23T05:58:00Z', 11));
      await product.until('2026-11-23T06:22:30Z');
    },
    after: async (product) => product.until('2026-11-23T07:13:00Z'),
  },
];
