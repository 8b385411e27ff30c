import { entitlementEvents } from '../../../../lambda/domain/entitlements/entitlement-events';
import type { EntitlementTransition } from '../../../../lambda/domain/entitlements/license-entitlements';

const SINCE = Date.parse('2026-11-23T05:30:00Z');
const SUBJECT = { productCode: 'code', licenseArn: 'arn:aws:license-manager::1:license:l-1', status: 'ACTIVE', registered: true };
const CHANGES: EntitlementTransition['changes'] = [
  { dimension: 'Seats', before: { valueType: 'INTEGER', value: 10 }, after: { valueType: 'INTEGER', value: 15 }, difference: 5 },
];
const AFTER: EntitlementTransition['after'] = { licenseId: 'l-1', entitlements: {}, since: SINCE, agreementId: 'agmt-1', changes: 3 };

describe('the event of changed entitlements', () => {
  test('a change is one event, whose id counts the changes of the license', () => {
    const [event, ...others] = entitlementEvents({ after: AFTER, changes: CHANGES }, SUBJECT);

    expect(others).toEqual([]);
    expect(event).toMatchObject({
      detailType: 'Entitlement Changed',
      time: '2026-11-23T05:30:00.000Z',
      detail: { eventId: 'entitlement-changed:3:l-1', licenseId: 'l-1', agreementId: 'agmt-1', status: 'ACTIVE', changes: CHANGES },
    });
  });

  test('what is not known is left out of the event', () => {
    const [{ detail }] = entitlementEvents({ after: { ...AFTER, agreementId: undefined }, changes: CHANGES }, { ...SUBJECT, licenseArn: undefined });

    expect(detail).not.toHaveProperty('agreementId');
    expect(detail).not.toHaveProperty('licenseArn');
  });

  test('there is no event where nothing has changed, and none before the first entitlements are known', () => {
    expect(entitlementEvents({ after: AFTER, changes: [] }, SUBJECT)).toEqual([]);
    expect(entitlementEvents({ after: { ...AFTER, since: undefined }, changes: CHANGES }, SUBJECT)).toEqual([]);
  });
});
