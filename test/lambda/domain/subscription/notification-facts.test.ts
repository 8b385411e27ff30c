import { inOrder, legacyTenuresOf, type NotificationAction, notificationFacts } from '../../../../lambda/domain/subscription/notification-facts';
import { at } from '../../../support/facts';
import { notified } from '../../../support/notifications';

const tenures = (story: readonly [NotificationAction, number][], until?: number) =>
  legacyTenuresOf(notificationFacts(...story.map(([action, minutes]) => notified(action, minutes))), until);

describe('the tenures of a buyer of a legacy product', () => {
  test.each<[string, [NotificationAction, number][], object[]]>([
    ['begins with subscribe-success', [['subscribe-success', 1]], [{ activatedAt: at(1) }]],
    ['is the same one after a second subscribe-success, of an amendment', [['subscribe-success', 1], ['subscribe-success', 5]], [{ activatedAt: at(1) }]],
    ['ends with the first unsubscribe-pending', [['subscribe-success', 1], ['unsubscribe-pending', 10], ['unsubscribe-pending', 20]],
      [{ activatedAt: at(1), endedAt: at(10) }]],
    ['is closed by the first unsubscribe-success', [['subscribe-success', 1], ['unsubscribe-pending', 10], ['unsubscribe-success', 70], ['unsubscribe-success', 80]],
      [{ activatedAt: at(1), endedAt: at(10), closedAt: at(70) }]],
    ['ends and is closed where only unsubscribe-success came', [['subscribe-success', 1], ['unsubscribe-success', 45]],
      [{ activatedAt: at(1), endedAt: at(45), closedAt: at(45) }]],
    ['is not ended again after it was closed', [['subscribe-success', 1], ['unsubscribe-success', 45], ['unsubscribe-pending', 50]],
      [{ activatedAt: at(1), endedAt: at(45), closedAt: at(45) }]],
    ['may have an end only, where the notification of its beginning was lost', [['unsubscribe-pending', 10], ['unsubscribe-success', 70]],
      [{ endedAt: at(10), closedAt: at(70) }]],
    ['may be closed only, where all notifications before were lost', [['unsubscribe-success', 70]], [{ endedAt: at(70), closedAt: at(70) }]],
    ['failed where the first payment failed', [['subscribe-fail', 1]], [{ endedAt: at(1), closedAt: at(1), failed: true }]],
    ['failed, before a second one that began', [['subscribe-fail', 1], ['subscribe-success', 3]],
      [{ endedAt: at(1), closedAt: at(1), failed: true }, { activatedAt: at(3) }]],
    ['does not fail where a change of it failed', [['subscribe-success', 1], ['subscribe-fail', 5]], [{ activatedAt: at(1) }]],
    ['does not change with entitlements', [['subscribe-success', 1], ['entitlement-updated', 5]], [{ activatedAt: at(1) }]],
    ['is followed by another one, whose end leaves it as it was',
      [['subscribe-success', 1], ['unsubscribe-pending', 10], ['subscribe-success', 20], ['unsubscribe-pending', 30]],
      [{ activatedAt: at(1), endedAt: at(10) }, { activatedAt: at(20), endedAt: at(30) }]],
    ['is followed by another one, which is closed alone',
      [['subscribe-success', 1], ['unsubscribe-pending', 10], ['subscribe-success', 20], ['unsubscribe-success', 30]],
      [{ activatedAt: at(1), endedAt: at(10) }, { activatedAt: at(20), endedAt: at(30), closedAt: at(30) }]],
  ])('a tenure %s', (_, story, expected) => {
    expect(tenures(story)).toStrictEqual(expected);
  });

  test('what notifications say from the time on at which the license has its own events does not count', () => {
    const story: [NotificationAction, number][] = [['subscribe-success', 1], ['unsubscribe-pending', 10]];
    expect(tenures(story, at(10))).toStrictEqual([{ activatedAt: at(1) }]);
    expect(tenures(story, at(10) + 1)).toStrictEqual([{ activatedAt: at(1), endedAt: at(10) }]);
    expect(tenures(story, at(1))).toStrictEqual([]);
  });
});

test('notifications of one instant are ordered so that the end counts last, and all others by time', () => {
  const actions: NotificationAction[] = ['unsubscribe-success', 'subscribe-success', 'unsubscribe-pending', 'entitlement-updated', 'subscribe-fail'];
  const facts = notificationFacts(notified('unsubscribe-success', 9), ...actions.map((action) => notified(action, 2)), notified('subscribe-success', 1));
  expect(inOrder(facts).map(({ action, time }) => [action, time])).toEqual([
    ['subscribe-success', at(1)],
    ['entitlement-updated', at(2)], ['subscribe-fail', at(2)], ['subscribe-success', at(2)], ['unsubscribe-pending', at(2)], ['unsubscribe-success', at(2)],
    ['unsubscribe-success', at(9)],
  ]);
});

test('the same action and time is one fact, however often it is delivered', () => {
  const facts = notificationFacts(notified('subscribe-success', 1), notified('subscribe-success', 1, { offerId: 'offer-1' }), notified('subscribe-fail', 1));
  expect(facts).toStrictEqual({
    'subscribe-success#2026-11-23T00:01:00.000Z': { action: 'subscribe-success', time: at(1), offerId: 'offer-1' },
    'subscribe-fail#2026-11-23T00:01:00.000Z': { action: 'subscribe-fail', time: at(1) },
  });
});
