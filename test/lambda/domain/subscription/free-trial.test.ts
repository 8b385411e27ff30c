import type { AgreementFact } from '../../../../lambda/domain/subscription/facts';
import { freeTrialsOf, trialEnd } from '../../../../lambda/domain/subscription/free-trial';
import { at, fact, factsOf } from '../../../support/facts';

const DAY = 24 * 60;
const END = at(30 * DAY);
const TERMS = fact('TERMS', 0, { trialEndsAt: new Date(END).toISOString() });
const ACTIVE = fact('LICENSE_UPDATED', 5);

function outcomes(facts: readonly AgreementFact[], now: number) {
  return freeTrialsOf(factsOf(TERMS, ACTIVE, ...facts), now).map(({ outcome, outcomeAt, endStatus }) => ({ outcome, outcomeAt, endStatus }));
}

test('a trial begins when the license is active, and ends when the terms say', () => {
  expect(freeTrialsOf(factsOf(TERMS, ACTIVE), at(10))).toEqual([{ agreementId: 'agmt-a', startedAt: at(5), endsAt: END }]);
});

test('there is no trial without a free trial in the terms, nor before the license is active', () => {
  expect(freeTrialsOf(factsOf(TERMS), at(10))).toEqual([]);
  expect(freeTrialsOf(factsOf(fact('TERMS', 0), ACTIVE), at(10))).toEqual([]);
});

test('a trial begins with the first License Updated of its own agreement', () => {
  const other = { agreementId: 'agmt-b' };
  const trial = { agreementId: 'agmt-a', startedAt: at(5), endsAt: END };
  expect(freeTrialsOf(factsOf(TERMS, fact('LICENSE_UPDATED', 9), ACTIVE, fact('LICENSE_UPDATED', 1, other)), at(10))).toEqual([trial]);
  expect(freeTrialsOf(factsOf(TERMS, fact('LICENSE_UPDATED', 1, other)), at(10))).toEqual([]);
  expect(freeTrialsOf(factsOf(TERMS, ACTIVE, fact('ENDED', 20, { ...other, status: 'CANCELLED' })), at(30))).toEqual([trial]);
});

test('a trial whose subscription is still there an hour after its end was converted at its end', () => {
  expect(outcomes([], END + 59 * 60_000)).toEqual([{}]);
  expect(outcomes([], END + 60 * 60_000)).toEqual([{ outcome: 'CONVERTED', outcomeAt: END }]);
});

test('a trial lapsed when its subscription ended before or with it, and was converted when it ended later', () => {
  const ended = (minutes: number) => [fact('ENDED', minutes, { status: 'CANCELLED' })];
  expect(outcomes(ended(3 * DAY), END)).toEqual([{ outcome: 'LAPSED', outcomeAt: at(3 * DAY), endStatus: 'CANCELLED' }]);
  expect(outcomes(ended(30 * DAY + 59), END + DAY * 60_000)).toEqual([{ outcome: 'LAPSED', outcomeAt: at(30 * DAY + 59), endStatus: 'CANCELLED' }]);
  expect(outcomes(ended(30 * DAY + 60), END + DAY * 60_000)).toEqual([{ outcome: 'CONVERTED', outcomeAt: END }]);
});

test('a trial lapses with the end of its license, and has the status of the end of its agreement where that is known', () => {
  const gone = fact('LICENSE_DEPROVISIONED', 20);
  expect(outcomes([gone], at(30))).toEqual([{ outcome: 'LAPSED', outcomeAt: at(20) }]);
  expect(outcomes([gone, fact('ENDED', 21, { status: 'TERMINATED' })], at(30))).toEqual([{ outcome: 'LAPSED', outcomeAt: at(20), endStatus: 'TERMINATED' }]);
  expect(outcomes([gone, fact('LICENSE_DEPROVISIONED', 25), fact('AMENDED', 10, { status: 'ACTIVE' })], at(30))).toEqual([{ outcome: 'LAPSED', outcomeAt: at(20) }]);
});

test('a trial whose agreement was replaced was converted then, at the latest at its end', () => {
  expect(outcomes([fact('ENDED', 3 * DAY, { status: 'REPLACED' })], at(4 * DAY))).toEqual([{ outcome: 'CONVERTED', outcomeAt: at(3 * DAY) }]);
  expect(outcomes([fact('ENDED', 40 * DAY, { status: 'RENEWED' })], at(41 * DAY))).toEqual([{ outcome: 'CONVERTED', outcomeAt: END }]);
});

test('an agreement that is for the trial alone is converted by no passing of time', () => {
  const alone = fact('CREATED', 1, { endTime: new Date(END).toISOString() });
  expect(outcomes([alone], END + 2 * DAY * 60_000)).toEqual([{}]);
  expect(outcomes([alone, fact('AMENDED', 2, { endTime: 'never' })], END + 2 * DAY * 60_000)).toEqual([{}]);
  const longer = fact('CREATED', 1, { endTime: new Date(END + 1).toISOString() });
  expect(outcomes([longer], END + 2 * DAY * 60_000)).toEqual([{ outcome: 'CONVERTED', outcomeAt: END }]);
  expect(outcomes([alone, fact('AMENDED', 2, { endTime: new Date(END + 1).toISOString() })], END + 2 * DAY * 60_000)).toEqual([{ outcome: 'CONVERTED', outcomeAt: END }]);
});

test.each([
  ['P30D', '2026-03-02T00:00:00.000Z'],
  ['P2W', '2026-02-14T00:00:00.000Z'],
  ['P1M', '2026-03-03T00:00:00.000Z'],
  ['P1Y', undefined],
  ['PT30H', undefined],
  ['30 days', undefined],
  ['aP30D', undefined],
  ['P30DT1H', undefined],
  ['P12345D', undefined],
  ['PD', undefined],
])('a trial of %s from 31 January ends at %s', (duration, end) => {
  const ends = trialEnd(Date.parse('2026-01-31T00:00:00.000Z'), duration);
  expect(ends === undefined ? undefined : new Date(ends).toISOString()).toBe(end);
});
