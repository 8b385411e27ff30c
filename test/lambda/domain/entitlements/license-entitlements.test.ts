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
