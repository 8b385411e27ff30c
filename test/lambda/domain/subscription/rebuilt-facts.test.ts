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

  test('the first hour is left to the events, as payment may still fail, and a start in the future too', () => {
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

  test('where an event activated the license, an end adds no other fact about it', () => {
    const end = START + 5 * DAY_MS;

    expect(facts({ status: 'TERMINATED', lastUpdateTime: end }, { known: known({ kind: 'CREATED' }, { kind: 'LICENSE_UPDATED' }) })).toEqual([['ENDED', end]]);
  });

  test('an agreement that ended within its first hour is left out: whether its license was ever in use is not on record', () => {
    expect(facts({ status: 'TERMINATED', lastUpdateTime: START + HOUR_MS - 1 })).toBe('EndedEarly');
  });

  test('nothing ends while another, active agreement has the license', () => {
    const successor: AgreementRecord = { ...ACTIVE, agreementId: 'agmt-2', startTime: START + DAY_MS };
    const end = START + DAY_MS;

    expect(facts({ status: 'EXPIRED', endTime: end }, { related: [successor] })).toBe('LicenseContinues');
    expect(facts({ status: 'RENEWED', lastUpdateTime: end }, { related: [successor] })).toEqual([['CREATED', START], ['LICENSE_UPDATED', START], ['ENDED', end]]);
    expect(facts({ status: 'RENEWED', lastUpdateTime: end })).toBe('Succeeded');
  });

  test('a renewal names the agreement before it, and that it is one', () => {
    const before: AgreementRecord = { ...ACTIVE, agreementId: 'agmt-0', initialAgreementId: 'agmt-0', status: 'RENEWED', startTime: START - 365 * DAY_MS };
    const result = rebuilt({ initialAgreementId: 'agmt-0' }, { related: [before] });

    expect(result).toMatchObject({ facts: [{ kind: 'CREATED', intent: 'RENEW', previousAgreementId: 'agmt-0', rebuilt: true }, { kind: 'LICENSE_UPDATED' }] });
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
