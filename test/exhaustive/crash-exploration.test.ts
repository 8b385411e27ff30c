import { accountStories } from './stories/accounts';
import { claimStories } from './stories/claim';
import { contractStories, trialStories } from './stories/contracts';
import { dryRunStories } from './stories/dry-run';
import { endingStories } from './stories/ending';
import { intakeStories } from './stories/intake';
import { legacyStories } from './stories/legacy';
import { meteringStories } from './stories/metering';
import { migrationStories } from './stories/migration';
import { outageStories } from './stories/outages';
import { overageStories } from './stories/overage';
import { subscriptionStories } from './stories/subscriptions';
import { zeroUsageStories } from './stories/zero-usage';
import { STORY_SCHEDULES } from './support/app';
import { explore } from './support/crash-explorer';
import { useSandboxes } from './support/sandboxes';

jest.setTimeout(15 * 60_000);

describe.each([
  ['crashes', { reportZeroUsage: false }, [...intakeStories, ...meteringStories, ...outageStories, ...endingStories, ...subscriptionStories, ...trialStories]],
  ['crashes where hours without usage are reported too', { reportZeroUsage: true }, zeroUsageStories],
  ['crashes of an app with a sign-up page of its own', { ownSignUp: true }, claimStories],
  ['crashes of an app that sends nothing', { dryRun: true }, dryRunStories],
  ['crashes of an app in another account than the seller\'s', { twoAccounts: true }, accountStories],
  ['crashes of a product with contracts', { kind: 'contract' }, contractStories],
  ['crashes of a product with contracts and consumption', { kind: 'consumption' }, overageStories],
  ['crashes of a legacy product', { kind: 'legacy' }, legacyStories],
  ['crashes of a legacy product whose buyers move to licenses', { kind: 'migrating' }, migrationStories],
] as const)('%s', (_, options, stories) => {
  const sandboxes = useSandboxes({ ...STORY_SCHEDULES, ...options }, '2026-11-23T05:00:00Z');

  test.each(stories.map((story) => [story.name, story] as const))('%s', async (name, story) => {
    const { points, same, differences, parts, operations } = await explore(story, sandboxes());
    const otherwise = points - same - differences.length;
    console.log(`${name}: crash points: ${points} explored, ${same} same${otherwise > 0 ? `, ${otherwise} unresolved instead` : ''}`);
    expect(differences).toEqual([]);
    expect([...parts]).toEqual(expect.arrayContaining([...story.involves]));
    expect([...operations]).toEqual(expect.arrayContaining([...story.calls ?? []]));
    expect(points).toBeGreaterThan(0);
  });
});
