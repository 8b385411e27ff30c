import * as fc from 'fast-check';
import { changesBetween, type Entitlements } from '../../../../lambda/domain/entitlements/entitlement';
import {
  applyAnswer, type EntitlementAnswer, type LicenseCircumstances, type LicenseEntitlements,
} from '../../../../lambda/domain/entitlements/license-entitlements';
import { at, LICENSE } from '../../../support/facts';

const DAY = 24 * 60;
const users = (value: number, expiresAt?: string): Entitlements => ({ Users: { valueType: 'INTEGER', value, ...expiresAt && { expiresAt } } });
const bought: LicenseCircumstances = { licenseId: LICENSE, agreementId: 'agmt-a', knownSince: at(0), updatedAt: at(0) };
const answered = (minutes: number, entitlements: Entitlements): EntitlementAnswer => ({ askedAt: at(minutes), entitlements });

/** The answers of AWS one after another, each asked for and stored at its minute. */
function after(...answers: readonly (readonly [minutes: number, answer: Entitlements | 'FAILED', more?: Partial<LicenseCircumstances>])[]) {
  let known: LicenseEntitlements | undefined;
  const changes: string[][] = [];
  for (const [minutes, answer, more] of answers) {
    const step = applyAnswer(known, { ...bought, ...more }, answer === 'FAILED' ? answer : answered(minutes, answer), at(minutes));
    known = step.after;
    if (step.changes.length > 0) {
      changes.push(step.changes.map(({ dimension, difference }) => `${dimension} ${difference}`));
    }
  }
  return { ...known as LicenseEntitlements, differences: changes };
}

test('an empty answer soon after the purchase means not yet: AWS is asked again, at least once an hour for three days', () => {
  const { entitlements, since, checkAt, differences } = after([0, {}], [5, {}], [2 * DAY, {}]);
  expect({ entitlements, since, differences }).toEqual({ entitlements: {}, since: undefined, differences: [] });
  expect(checkAt).toBe(at(2 * DAY + 60));
});

test('entitlements count from the License Updated that brought them, and without one from when they were seen', () => {
  expect(after([0, {}], [45, users(10)]).since).toBe(at(0));
  expect(after([0, users(10)], [3 * DAY, users(20)]).since).toBe(at(3 * DAY));
  expect(after([0, users(10)], [70, users(20), { updatedAt: at(60) }]).since).toBe(at(60));
});

test('a failed read takes nothing away, and is made again after five minutes', () => {
  const { entitlements, checkAt, differences } = after([0, users(10)], [60, 'FAILED']);
  expect(entitlements).toEqual(users(10));
  expect(differences).toEqual([['Users 10']]);
  expect(checkAt).toBe(at(65));
});

test('an empty answer takes nothing away until AWS has given it for an hour', () => {
  expect(after([0, users(10)], [DAY, {}], [DAY + 59, {}]).entitlements).toEqual(users(10));
  expect(after([0, users(10)], [DAY, {}], [DAY + 60, {}]).differences).toEqual([['Users 10'], ['Users -10']]);
  expect(after([0, users(10)], [DAY, {}], [DAY + 30, users(10)], [DAY + 60, {}]).entitlements).toEqual(users(10));
});

test('an expiration that is past ends nothing by itself, but AWS is asked every hour', () => {
  const expired = users(10, new Date(at(DAY)).toISOString());
  const { entitlements, checkAt } = after([0, expired], [3 * DAY, expired]);
  expect(entitlements).toEqual(expired);
  expect(checkAt).toBe(at(3 * DAY + 60));
});

test('AWS is asked five minutes after an expiration', () => {
  expect(after([0, users(10, new Date(at(20)).toISOString())], [19, users(10, new Date(at(20)).toISOString())]).checkAt).toBe(at(25));
});

test('a license that has ended has no entitlements from its end on, however late they would expire', () => {
  const { entitlements, since, checkAt } = after([0, users(10, '2029-01-01T00:00:00.000Z')], [DAY, users(10), { endedAt: at(DAY - 1) }]);
  expect({ entitlements, since, checkAt }).toEqual({ entitlements: {}, since: at(DAY - 1), checkAt: undefined });
});

test('an answer to an earlier question does not replace the answer to a later one', () => {
  const later = applyAnswer(undefined, bought, answered(10, users(20)), at(11)).after;
  expect(applyAnswer(later, bought, answered(9, users(10)), at(12))).toEqual({ after: later, changes: [] });
});

test('of two answers to questions of one moment the one that is stored last counts', () => {
  const first = applyAnswer(undefined, bought, answered(10, users(20)), at(11)).after;
  expect(applyAnswer(first, bought, answered(10, users(10)), at(12)).after.entitlements).toEqual(users(10));
});

describe('what is kept of an answer', () => {
  const iso = (minutes: number) => new Date(at(minutes)).toISOString();
  const askedAgain = (known: LicenseEntitlements, minutes: number, entitlements: Entitlements, more: Partial<LicenseCircumstances> = {}) =>
    applyAnswer(known, { ...bought, ...more }, answered(minutes, entitlements), at(minutes));
  const first = applyAnswer(undefined, bought, answered(8, users(10)), at(9)).after;

  test('the first entitlements are in force from the purchase on', () => {
    expect(first).toStrictEqual({ licenseId: LICENSE, entitlements: users(10), since: at(0), agreementId: 'agmt-a', changes: 1, askedAt: at(8), checkAt: at(14) });
  });

  test('the same entitlements again change nothing but the times of the questions', () => {
    expect(askedAgain(first, 20, users(10))).toStrictEqual({ after: { ...first, askedAt: at(20), checkAt: at(30) }, changes: [] });
  });

  test('an amendment of several dimensions is one change', () => {
    const more: Entitlements = { Users: { valueType: 'INTEGER', value: 12 }, Gb: { valueType: 'INTEGER', value: 1 } };
    const { after: { changes }, changes: dimensions } = askedAgain(first, 20, more);
    expect({ changes, dimensions: dimensions.map(({ dimension }) => dimension) }).toEqual({ changes: 2, dimensions: ['Gb', 'Users'] });
  });

  test('a failed read keeps all that is known, and an empty answer keeps it with the time since when AWS gives it', () => {
    expect(applyAnswer(first, bought, 'FAILED', at(20))).toStrictEqual({ after: { ...first, checkAt: at(25) }, changes: [] });
    const { after: empty, changes } = applyAnswer(first, bought, answered(20, {}), at(21));
    expect({ empty, changes }).toStrictEqual({ empty: { ...first, askedAt: at(20), emptySince: at(20), checkAt: at(31) }, changes: [] });
    const { after: stillEmpty } = applyAnswer(empty, bought, answered(31, {}), at(32));
    expect(stillEmpty).toStrictEqual({ ...first, askedAt: at(31), emptySince: at(20), checkAt: at(42) });
    expect(askedAgain(empty, 40, users(10)).after).not.toHaveProperty('emptySince');
  });

  test('a renewal with the same entitlements begins a period of its own, and is no change', () => {
    const { after: renewed, changes } = askedAgain(first, 100, users(10), { agreementId: 'agmt-b', updatedAt: at(90) });
    expect({ renewed, changes }).toMatchObject({ renewed: { entitlements: users(10), since: at(90), agreementId: 'agmt-b', changes: 1 }, changes: [] });
    expect(askedAgain(renewed, 110, users(10), { agreementId: 'agmt-b', updatedAt: at(90) }).after.since).toBe(at(90));
  });

  test('an agreement that is not known, or has no entitlements, begins no period', () => {
    expect(askedAgain(first, 100, users(10), { agreementId: undefined, updatedAt: at(90) }).after).toMatchObject({ since: at(0), agreementId: 'agmt-a' });
    const none = applyAnswer(undefined, bought, answered(0, {}), at(0)).after;
    expect(askedAgain(none, 100, {}, { agreementId: 'agmt-b', updatedAt: at(90) }).after).not.toHaveProperty('since');
  });

  test('a period begins at least a millisecond after the one before', () => {
    const late = askedAgain(first, 60, users(20)).after;
    expect(late.since).toBe(at(60));
    expect(applyAnswer(late, bought, answered(60, users(30)), at(61)).after.since).toBe(at(60) + 1);
    expect(applyAnswer(late, { ...bought, endedAt: at(50) }, 'FAILED', at(61)).after).toStrictEqual({
      licenseId: LICENSE, entitlements: {}, since: at(60) + 1, agreementId: 'agmt-a', changes: 3, askedAt: at(60),
    });
  });

  test.each([
    ['an update within the day before', 100, 100, 100 + DAY - 1],
    ['an update at the moment of the question', 300, 300, 300],
    ['the question, a day or more after an update', 100 + DAY, 100, 100 + DAY],
    ['the question, before an update that follows it', 300, 301, 300],
    ['the question, where the update is that of the change before', 300, 0, 300],
    ['the question, where no update is known', 300, undefined, 300],
  ])('a change counts from %s', (_, since, updatedAt, asked) => {
    expect(askedAgain(first, asked, users(20), { updatedAt: updatedAt === undefined ? undefined : at(updatedAt) }).after.since).toBe(at(since));
  });

  test.each<[string, number, Entitlements, Partial<LicenseCircumstances>, number]>([
    ['five minutes later at first', 1, users(10), {}, 5],
    ['after half of the time since the last update', 100, users(10), {}, 50],
    ['after half of the time since it is known, without an update', 100, users(10), { updatedAt: undefined, knownSince: at(40) }, 30],
    ['after half of the time since the last update, however long it is known', 100, users(10), { updatedAt: at(80), knownSince: at(0) }, 10],
    ['a day later at the latest', 20 * DAY, users(10), {}, DAY],
    ['an hour later at the latest while nothing is known', 3 * DAY - 1, {}, {}, 60],
    ['a day later at the latest where nothing has been known for three days', 3 * DAY, {}, {}, DAY],
    ['five minutes after the next expiration', 20 * DAY, users(10, iso(20 * DAY + 3)), {}, 8],
    ['not before the expiration where that is later', 20 * DAY, users(10, iso(40 * DAY)), {}, DAY],
    ['an hour later from an expiration on', 20 * DAY, users(10, iso(20 * DAY)), {}, 60],
    [
      'an hour later where one of several has expired', 20 * DAY,
      { Gb: { valueType: 'INTEGER', value: 1, expiresAt: iso(DAY) }, Users: { valueType: 'INTEGER', value: 1, expiresAt: iso(40 * DAY) } }, {}, 60,
    ],
    [
      'five minutes after the first of several expirations', 20 * DAY,
      { Gb: { valueType: 'INTEGER', value: 1, expiresAt: iso(20 * DAY + 30) }, Users: { valueType: 'INTEGER', value: 1, expiresAt: iso(20 * DAY + 20) } }, {}, 25,
    ],
  ])('AWS is asked again %s', (_, now, entitlements, circumstances, later) => {
    const { checkAt } = applyAnswer(undefined, { ...bought, ...circumstances }, answered(now, entitlements), at(now)).after;
    expect((checkAt as number) - at(now)).toBe(later * 60_000);
  });
});

test('dimensions that do not differ are no change, and changes are listed by name', () => {
  const [same, before, later] = [{ value: 1 }, { value: 2, expiresAt: '2027-01-01T00:00:00.000Z' }, { value: 2, expiresAt: '2028-01-01T00:00:00.000Z' }];
  expect(changesBetween({ Same: same, Zone: before, Area: before }, { Area: later, Same: { ...same }, Zone: later })).toEqual([
    { dimension: 'Area', before, after: later, difference: 0 }, { dimension: 'Zone', before, after: later, difference: 0 },
  ]);
});

test('the difference of a dimension is a number where both values are, and values of other types have none', () => {
  expect(changesBetween({ Gb: { valueType: 'DOUBLE', value: 0.3 }, Tier: { valueType: 'STRING', value: 'gold' }, Old: {} }, {
    Gb: { valueType: 'DOUBLE', value: 0.1 }, Tier: { valueType: 'STRING', value: 'silver' }, Sso: { valueType: 'BOOLEAN', value: false },
  })).toEqual([
    expect.objectContaining({ dimension: 'Gb', difference: -0.2 }),
    { dimension: 'Old', before: {} },
    { dimension: 'Sso', after: { valueType: 'BOOLEAN', value: false } },
    { dimension: 'Tier', before: { valueType: 'STRING', value: 'gold' }, after: { valueType: 'STRING', value: 'silver' } },
  ]);
});

describe('in any order of answers', () => {
  const moment = fc.integer({ min: 1, max: 5 * DAY });
  const answer = fc.record({ askedAt: moment, value: fc.integer({ min: 0, max: 3 }) })
    .map(({ askedAt, value }) => answered(askedAt, value === 3 ? {} : users(value)));
  const answers = fc.array(fc.oneof({ weight: 4, arbitrary: answer }, { weight: 1, arbitrary: fc.constant<EntitlementAnswer>('FAILED') }), { maxLength: 12 });
  const NOW = at(6 * DAY);
  const store = (circumstances: LicenseCircumstances, ...all: readonly EntitlementAnswer[]) =>
    all.reduce<LicenseEntitlements | undefined>((known, one) => applyAnswer(known, circumstances, one, NOW).after, undefined);

  test('the answer to the last question decides, however often and in whatever order answers are stored', () => {
    const last = answered(5 * DAY + 1, users(1));
    const orders = answers.chain((stored) => fc.shuffledSubarray([...stored, last, last], { minLength: stored.length + 2 }));
    fc.assert(fc.property(orders, (order) => {
      expect(store(bought, ...order)?.entitlements).toEqual(users(1));
    }));
  });

  test('a license that has ended never shows an entitlement, and keeps no check', () => {
    fc.assert(fc.property(answers, answers, (before, later) => {
      const known = store(bought, ...before);
      const ended = { ...bought, endedAt: at(6 * DAY) };
      const shown = [...later, 'FAILED' as const].reduce((state, one) => applyAnswer(state, ended, one, NOW).after, known);
      expect(shown).toMatchObject({ entitlements: {} });
      expect(shown?.checkAt).toBeUndefined();
    }));
  });

  test('every change begins after the one before, and its differences add up to what is in force', () => {
    fc.assert(fc.property(answers, (stored) => {
      let known: LicenseEntitlements | undefined;
      let sum = 0;
      for (const one of stored) {
        const { after: next, changes } = applyAnswer(known, bought, one, NOW);
        changes.forEach(({ difference = 0 }) => { sum += difference; });
        if (changes.length > 0 && known?.since !== undefined) {
          expect(next.since).toBeGreaterThan(known.since);
        }
        known = next;
      }
      expect(known?.entitlements.Users?.value ?? 0).toBe(sum);
    }));
  });
});
