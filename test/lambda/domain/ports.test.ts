import { EventsNotTakenError, isRefusalOfEvents } from '../../../lambda/domain/ports';

const TOO_LARGE = { eventId: 'a', code: 'EntryTooLarge' };
const THROTTLED = { eventId: 'b', code: 'ThrottlingException' };

test('events that the bus did not take are named with the reason of each', () => {
  expect(String(new EventsNotTakenError([TOO_LARGE, THROTTLED])))
    .toBe('EventsNotTakenError: Event bus did not take a (EntryTooLarge), b (ThrottlingException)');
});

test.each([
  ['events that are all too large', true, new EventsNotTakenError([TOO_LARGE, { ...TOO_LARGE, eventId: 'c' }])],
  ['events of which one is too large and one was throttled', false, new EventsNotTakenError([TOO_LARGE, THROTTLED])],
  ['events that were throttled', false, new EventsNotTakenError([THROTTLED])],
  ['an outage', false, Object.assign(new Error('no answer'), { failures: [TOO_LARGE] })],
  ['no error', false, undefined],
])('a failure to publish because of %s is final: %s', (_what, isFinal, error) => {
  expect(isRefusalOfEvents(error)).toBe(isFinal);
});
