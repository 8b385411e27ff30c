import type { AgreementRecord } from '../../../../lambda/domain/subscription/agreement-source';
import type { AgreementFact } from '../../../../lambda/domain/subscription/facts';
import { EVENT_EXPECTED_FOR_MS, needsRelated, rebuiltFacts, type RebuildInput } from '../../../../lambda/domain/subscription/rebuilt-facts';
import { DAY_MS, HOUR_MS } from '../../../../lambda/domain/time';

const START = Date.parse('2026-11-01T00:00:00Z');
const NOW = START + 20 * DAY_MS;
const ARN = 'arn:aws:license-manager::294406891311:license:l-1';
const ACTIVE: AgreementRecord = {
  agreementId: 'agmt-1',
  initialAgreementId: 'agmt-1',
  status: 'ACTIVE',
  customerAwsAccountId: '111122223333',
  productIds: ['prod-1'],
  licenseArns: [ARN],
  acceptanceTime: START,
  startTime: START,
  lastUpdateTime: START,
};
const rebuilt = (agreement: Partial<AgreementRecord>, more: Partial<RebuildInput> = {}) =>
  rebuiltFacts({ agreement: { ...ACTIVE, ...agreement }, licenseArn: ARN, related: [], known: {}, productCode: 'code', now: NOW, ...more });
const facts = (...args: Parameters<typeof rebuilt>) => {
  const result = rebuilt(...args);
  return 'facts' in result ? result.facts.map(({ kind, time }) => [kind, time]) : result.skipped;
};
const known = (...list: Partial<AgreementFact>[]) =>
  Object.fromEntries(list.map((fact, n) => [String(n), { agreementId: 'agmt-1', time: START, ...fact } as AgreementFact]));

describe("the facts of an agreement by AWS's own record of it", () => {
  test('an active agreement has begun, and its license is active from the start', () => {
    expect(facts({})).toEqual([['CREATED', START], ['LICENSE_UPDATED', START]]);
  });

  test('a fact of a kind that an event reported is not added again', () => {
    expect(facts({}, { known: known({ kind: 'CREATED' }) })).toEqual([['LICENSE_UPDATED', START]]);
    expect(facts({}, { known: known({ kind: 'CREATED' }, { kind: 'LICENSE_UPDATED' }) })).toEqual([]);
  });

  test('an active agreement of which both events came has no missing fact, in its first hour too', () => {
    const both = known({ kind: 'CREATED' }, { kind: 'LICENSE_UPDATED' });
    expect(facts({}, { known: both, now: START + 1 })).toEqual([]);
    expect(facts({}, { known: both, now: START - 1 })).toEqual([]);
    expect(facts({}, { known: known({ kind: 'CREATED' }), now: START + 1 })).toBe('TooRecent');
    expect(facts({}, { known: known({ kind: 'LICENSE_UPDATED' }), now: START + 1 })).toBe('TooRecent');
  });

  test('the first hour counts from the acceptance where that is later than the start, as in an offer that is accepted late', () => {
    const accepted = START + DAY_MS;
    expect(facts({ acceptanceTime: accepted }, { now: accepted + EVENT_EXPECTED_FOR_MS - 1 })).toBe('TooRecent');
    expect(facts({ acceptanceTime: accepted }, { now: accepted + EVENT_EXPECTED_FOR_MS })).toEqual([['CREATED', accepted], ['LICENSE_UPDATED', accepted]]);
  });

  test('an agreement that was accepted before its start is created then, and its license is active from the start', () => {
    expect(facts({ acceptanceTime: START - DAY_MS })).toEqual([['CREATED', START - DAY_MS], ['LICENSE_UPDATED', START]]);
    expect(facts({ acceptanceTime: START - DAY_MS }, { now: START - 1 })).toBe('NotStarted');
    expect(facts({ acceptanceTime: undefined })).toEqual([['CREATED', START], ['LICENSE_UPDATED', START]]);
  });

  test('the facts have all that the record says', () => {
    const now = Date.parse('2026-11-21T00:00:00Z');
    const record = { acceptanceTime: Date.parse('2026-10-31T12:00:00Z'), endTime: Date.parse('2027-11-01T00:00:00Z'), offerId: 'offer-1' };
    expect(rebuilt(record, { now })).toStrictEqual({
      facts: [
        {
          kind: 'CREATED',
          agreementId: 'agmt-1',
          time: Date.parse('2026-10-31T12:00:00Z'),
          customerAwsAccountId: '111122223333',
          intent: 'NEW',
          acceptanceTime: '2026-10-31T12:00:00.000Z',
          startTime: '2026-11-01T00:00:00.000Z',
          endTime: '2027-11-01T00:00:00.000Z',
          offerId: 'offer-1',
          rebuilt: true,
        },
        {
          kind: 'LICENSE_UPDATED', agreementId: 'agmt-1', time: START, customerAwsAccountId: '111122223333', licenseArn: ARN, productCode: 'code', rebuilt: true,
        },
      ],
    });
  });

  test('the first hour is left to the events, as payment may still fail, and a start in the future too', () => {
    expect(facts({}, { now: START })).toBe('TooRecent');
    expect(facts({}, { now: START + EVENT_EXPECTED_FOR_MS - 1 })).toBe('TooRecent');
    expect(facts({}, { now: START + EVENT_EXPECTED_FOR_MS })).toHaveLength(2);
    expect(facts({}, { now: START - 1 })).toBe('NotStarted');
  });

  test('an end that an event reported stands, though AWS still calls the agreement active', () => {
    expect(facts({}, { known: known({ kind: 'ENDED', status: 'CANCELLED' }) })).toBe('EndedByEvent');
    expect(facts({}, { known: known({ kind: 'LICENSE_DEPROVISIONED' }) })).toBe('EndedByEvent');
  });

  test('a cancelled agreement ended when its record last changed, and an expired one at its end', () => {
    const end = START + 5 * DAY_MS;

    expect(facts({ status: 'CANCELLED', lastUpdateTime: end })).toEqual([['CREATED', START], ['ENDED', end], ['LICENSE_DEPROVISIONED', end]]);
    expect(facts({ status: 'EXPIRED', endTime: end, lastUpdateTime: end + HOUR_MS })).toEqual([['CREATED', START], ['ENDED', end], ['LICENSE_DEPROVISIONED', end]]);
  });

  test('an agreement ended at its planned end, where its record changed after that', () => {
    const end = START + 5 * DAY_MS;
    const ended = (at: number) => [['CREATED', START], ['ENDED', at], ['LICENSE_DEPROVISIONED', at]];

    expect(facts({ status: 'CANCELLED', endTime: end, lastUpdateTime: end + HOUR_MS })).toEqual(ended(end));
    expect(facts({ status: 'CANCELLED', endTime: end, lastUpdateTime: undefined })).toEqual(ended(end));
    expect(facts({ status: 'TERMINATED', endTime: end, lastUpdateTime: end - HOUR_MS })).toEqual(ended(end - HOUR_MS));
    expect(facts({ status: 'EXPIRED', endTime: end, lastUpdateTime: end - HOUR_MS })).toEqual(ended(end));
    expect(facts({ status: 'EXPIRED', endTime: undefined, lastUpdateTime: end })).toEqual(ended(end));
  });

  test('an end that is later than now is not known yet', () => {
    expect(facts({ status: 'EXPIRED', endTime: NOW + 1 })).toBe('EndTimeUnknown');
    expect(facts({ status: 'EXPIRED', endTime: NOW })).toEqual([['CREATED', START], ['ENDED', NOW], ['LICENSE_DEPROVISIONED', NOW]]);
  });

  test('the end and the license that it takes away have all that the record says', () => {
    expect(rebuilt({ status: 'CANCELLED', lastUpdateTime: NOW }, { known: known({ kind: 'CREATED' }) })).toStrictEqual({
      facts: [
        { kind: 'ENDED', agreementId: 'agmt-1', time: NOW, customerAwsAccountId: '111122223333', status: 'CANCELLED', rebuilt: true },
        {
          kind: 'LICENSE_DEPROVISIONED', agreementId: 'agmt-1', time: NOW, customerAwsAccountId: '111122223333', licenseArn: ARN, productCode: 'code', rebuilt: true,
        },
      ],
    });
  });

  test.each([
    ['the license and its end', [{ kind: 'LICENSE_UPDATED' }, { kind: 'ENDED', status: 'CANCELLED' }], []],
    ['that the license was taken away, and the end', [{ kind: 'LICENSE_DEPROVISIONED' }, { kind: 'ENDED', status: 'CANCELLED' }], []],
    ['that the license was taken away', [{ kind: 'CREATED' }, { kind: 'LICENSE_DEPROVISIONED' }], [['ENDED', NOW]]],
    ['the end only', [{ kind: 'ENDED', status: 'CANCELLED', time: START + 2 * HOUR_MS }], [['CREATED', START], ['LICENSE_DEPROVISIONED', START + 2 * HOUR_MS]]],
    ['two ends', [
      { kind: 'CREATED' }, { kind: 'ENDED', status: 'TERMINATED', time: START + 3 * HOUR_MS }, { kind: 'ENDED', status: 'CANCELLED', time: START + 2 * HOUR_MS },
    ], [['LICENSE_DEPROVISIONED', START + 2 * HOUR_MS]]],
    ['a renewal', [{ kind: 'CREATED' }, { kind: 'LICENSE_UPDATED' }, { kind: 'ENDED', status: 'RENEWED' }], [['ENDED', NOW]]],
  ] as [string, Partial<AgreementFact>[], unknown][])('where events reported %s, only what is missing is added to an agreement that ended', (_, events, added) => {
    expect(facts({ status: 'CANCELLED', lastUpdateTime: NOW }, { known: known(...events) })).toEqual(added);
  });

  test('where an event activated the license, an end adds no other fact about it', () => {
    const end = START + 5 * DAY_MS;

    expect(facts({ status: 'TERMINATED', lastUpdateTime: end }, { known: known({ kind: 'CREATED' }, { kind: 'LICENSE_UPDATED' }) })).toEqual([['ENDED', end]]);
  });

  test('an agreement that ended within its first hour is left out: whether its license was ever in use is not on record', () => {
    expect(facts({ status: 'TERMINATED', lastUpdateTime: START + HOUR_MS - 1 })).toBe('EndedEarly');
    expect(facts({ status: 'TERMINATED', lastUpdateTime: START + HOUR_MS })).toHaveLength(3);
    expect(facts({ status: 'TERMINATED', lastUpdateTime: START + HOUR_MS - 1 }, { known: known({ kind: 'LICENSE_UPDATED' }) }))
      .toEqual([['CREATED', START], ['ENDED', START + HOUR_MS - 1]]);
  });

  test('nothing ends while another, active agreement has the license', () => {
    const successor: AgreementRecord = { ...ACTIVE, agreementId: 'agmt-2', startTime: START + DAY_MS };
    const end = START + DAY_MS;

    expect(facts({ status: 'EXPIRED', endTime: end }, { related: [successor] })).toBe('LicenseContinues');
    expect(facts({ status: 'RENEWED', lastUpdateTime: end }, { related: [successor] })).toEqual([['CREATED', START], ['LICENSE_UPDATED', START], ['ENDED', end]]);
    expect(facts({ status: 'RENEWED', lastUpdateTime: end })).toBe('Succeeded');
  });

  test.each([
    ['is the agreement itself, as read before it ended', false, { agreementId: 'agmt-1' }],
    ['has ended too', false, { status: 'EXPIRED' }],
    ['has another license', false, { licenseArns: [`${ARN}2`] }],
    ['starts later', false, { startTime: NOW + 1 }],
    ['is accepted later', false, { acceptanceTime: NOW + 1 }],
    ['starts now', true, { startTime: NOW }],
    ['has no start on record', true, { startTime: undefined }],
    ['has several licenses', true, { licenseArns: [`${ARN}2`, ARN] }],
  ])('where the other agreement %s, the license continues: %s', (_, keeps, change) => {
    const related = [{ ...ACTIVE, agreementId: 'agmt-2', ...change }];
    const ends = [['CREATED', START], ['ENDED', NOW], ['LICENSE_DEPROVISIONED', NOW]];
    const succeeds = [['CREATED', START], ['LICENSE_UPDATED', START], ['ENDED', NOW]];

    expect(facts({ status: 'CANCELLED', lastUpdateTime: NOW }, { related })).toEqual(keeps ? 'LicenseContinues' : ends);
    expect(facts({ status: 'REPLACED', lastUpdateTime: NOW }, { related })).toEqual(keeps ? succeeds : 'Succeeded');
  });

  test('of a renewed agreement only what no event reported is added, and its end has the status of the record', () => {
    const related = [{ ...ACTIVE, agreementId: 'agmt-2' }];
    const renewed = (...events: Partial<AgreementFact>[]) => facts({ status: 'RENEWED', lastUpdateTime: NOW }, { related, known: known(...events) });

    expect(renewed({ kind: 'LICENSE_UPDATED' }, { kind: 'ENDED', status: 'RENEWED' })).toEqual([]);
    expect(renewed({ kind: 'LICENSE_UPDATED' })).toEqual([['CREATED', START], ['ENDED', NOW]]);
    expect(renewed({ kind: 'ENDED', status: 'RENEWED' })).toEqual([['CREATED', START], ['LICENSE_UPDATED', START]]);
    expect(facts({ status: 'RENEWED', lastUpdateTime: undefined }, { related })).toBe('EndTimeUnknown');
    expect(rebuilt({ status: 'SUPERSEDED', lastUpdateTime: NOW }, { related })).toHaveProperty('facts.2.status', 'SUPERSEDED');
  });

  test('a renewal names the agreement before it, and that it is one', () => {
    const before: AgreementRecord = { ...ACTIVE, agreementId: 'agmt-0', initialAgreementId: 'agmt-0', status: 'RENEWED', startTime: START - 365 * DAY_MS };
    const result = rebuilt({ initialAgreementId: 'agmt-0' }, { related: [before] });

    expect(result).toMatchObject({ facts: [{ kind: 'CREATED', intent: 'RENEW', previousAgreementId: 'agmt-0', rebuilt: true }, { kind: 'LICENSE_UPDATED' }] });
  });

  test.each([
    ['renewed', { status: 'RENEWED' }, { intent: 'RENEW', previousAgreementId: 'agmt-0' }],
    ['replaced', { status: 'REPLACED' }, { intent: 'REPLACE', previousAgreementId: 'agmt-0' }],
    ['cancelled', { status: 'CANCELLED' }, { previousAgreementId: 'agmt-0' }],
    ['renewed, and has no first agreement on record', { status: 'RENEWED', initialAgreementId: undefined }, { intent: 'RENEW', previousAgreementId: 'agmt-0' }],
    ['renewed, as an agreement of another chain', { status: 'RENEWED', initialAgreementId: 'agmt-x' }, {}],
    ['renewed, and started at the same time', { status: 'RENEWED', startTime: START }, {}],
    ['renewed, and has no start on record', { status: 'RENEWED', startTime: undefined }, {}],
  ])('an agreement of a chain is created with what is known of the agreement before it: %s', (_, change, expected) => {
    const related = [{ ...ACTIVE, agreementId: 'agmt-0', initialAgreementId: 'agmt-0', startTime: START - DAY_MS, ...change }];
    const result = rebuilt({ initialAgreementId: 'agmt-0' }, { related, known: known({ kind: 'LICENSE_UPDATED' }) });

    expect(result).toStrictEqual({
      facts: [{
        kind: 'CREATED',
        agreementId: 'agmt-1',
        time: START,
        customerAwsAccountId: '111122223333',
        acceptanceTime: '2026-11-01T00:00:00.000Z',
        startTime: '2026-11-01T00:00:00.000Z',
        rebuilt: true,
        ...expected,
      }],
    });
  });

  test('an agreement of a chain without other agreements names none', () => {
    expect(rebuilt({ initialAgreementId: 'agmt-0' })).not.toHaveProperty('facts.0.intent');
    expect(rebuilt({ initialAgreementId: undefined })).not.toHaveProperty('facts.0.previousAgreementId');
  });

  test('of a long chain, the agreement before is the latest one that started earlier', () => {
    const chain = [-300, -1, -200, -100, 100].map((days) =>
      ({ ...ACTIVE, agreementId: `agmt${days}`, initialAgreementId: 'agmt-300', status: 'RENEWED', startTime: START + days * DAY_MS }));

    for (const related of [chain, [...chain].reverse(), [...chain].sort((a, b) => a.startTime - b.startTime)]) {
      expect(rebuilt({ initialAgreementId: 'agmt-300' }, { related })).toHaveProperty('facts.0.previousAgreementId', 'agmt-1');
    }
  });

  test('a record that lacks what decides is left out, and a status that AWS may add later too', () => {
    expect(facts({ status: undefined })).toBe('IncompleteRecord');
    expect(facts({ customerAwsAccountId: undefined })).toBe('IncompleteRecord');
    expect(facts({ startTime: undefined })).toBe('IncompleteRecord');
    expect(facts({ status: 'PAUSED' })).toBe('UnknownStatus');
    expect(facts({ status: 'CANCELLED', lastUpdateTime: undefined })).toBe('EndTimeUnknown');
  });

  test('other agreements are read where the agreement has ended, or succeeds another one', () => {
    expect(needsRelated(ACTIVE)).toBe(false);
    expect(needsRelated({ ...ACTIVE, status: 'CANCELLED' })).toBe(true);
    expect(needsRelated({ ...ACTIVE, initialAgreementId: 'agmt-0' })).toBe(true);
  });
});
