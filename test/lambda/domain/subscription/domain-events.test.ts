import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { NOTICES, readNotice } from '../../../../lambda/domain/subscription/agreement-notice';
import { domainEventsOf } from '../../../../lambda/domain/subscription/domain-events';
import { type AgreementFact, EMPTY_FACTS } from '../../../../lambda/domain/subscription/facts';
import { notificationFacts } from '../../../../lambda/domain/subscription/notification-facts';
import { DetailType } from '../../../../src/names';
import { at, fact, factsOf, LICENSE } from '../../../support/facts';
import { LEGACY_ID, LEGACY_PRODUCT, notified } from '../../../support/notifications';

const SCHEMAS = path.join(__dirname, '../../../../schema/events');
const OF_SUBSCRIPTIONS = [
  DetailType.BUYER_REGISTERED, DetailType.SUBSCRIPTION_ACTIVATED, DetailType.SUBSCRIPTION_UPDATED, DetailType.SUBSCRIPTION_ENDING,
  DetailType.SUBSCRIPTION_ENDED, DetailType.ADVISORY_ISSUED, DetailType.ADVISORY_RESOLVED,
  DetailType.AGREEMENT_NOTICE, DetailType.FREE_TRIAL_STARTED, DetailType.FREE_TRIAL_CONVERTED, DetailType.FREE_TRIAL_LAPSED,
];

interface Schema { readonly title: string; readonly properties: Record<string, unknown> }

/** Consumers must accept fields they do not know; what we send must be in the schema. */
function strictValidator(detailType: string) {
  const file = `${detailType.toLowerCase().replaceAll(' ', '-')}.schema.json`;
  const schema = JSON.parse(readFileSync(path.join(SCHEMAS, file), 'utf8')) as Schema;
  const ajv = new Ajv2020({ allErrors: true });
  addFormats(ajv);
  return { schema, validate: ajv.compile({ ...schema, additionalProperties: false }) };
}

/** All that a notice can say. */
const EVERYTHING_NOTICED = {
  agreement: { startTime: '2027-08-20T14:00:00Z', endTime: '2028-08-20T14:00:00Z', offerId: 'offer-1' },
  renewalSummary: {
    tcv: '1200.00', currency: 'USD', termsFinalizedTime: '2027-07-01T14:00:00Z', lockoutReached: false, lockoutStartTime: '2027-07-20T14:00:00Z',
  },
  agreementCancellationRequest: { id: 'acr-1', reasonCode: 'TEST_AGREEMENT', reasonMessage: 'Bought by Ada to test' },
  billingAdjustmentRequest: { id: 'bar-1', adjustmentAmount: '12.50', currencyCode: 'USD', adjustmentReasonCode: 'OTHER' },
  invoice: { originalInvoiceId: 'EXAMPLE1234' },
};
const known = { customerAwsAccountId: '111122223333', productCode: 'product' };
const everything: readonly AgreementFact[] = [
  fact('CREATED', 0, { intent: 'NEW', status: 'ACTIVE', ...known }),
  fact('LICENSE_UPDATED', 1, { licenseArn: `arn:aws:license-manager::294406891311:license:${LICENSE}`, ...known }),
  fact('LICENSE_UPDATED', 2, known),
  fact('AMENDED', 3, {
    intent: 'AMEND', status: 'ACTIVE', startTime: '2026-08-20T14:00:00Z', endTime: '9999-01-01T00:00:00Z', autoRenewalEnabled: true, offerId: 'offer-1',
  }),
  fact('ENDING_NOTICE', 4, { daysBeforeEndTime: 30, autoRenewalEnabled: false }),
  fact('ADVISORY_ISSUED', 5, { advisoryTime: '2026-08-20T14:59:30Z' }),
  fact('ADVISORY_RESOLVED', 6),
  ...Object.values(NOTICES).map((notice, index) => fact('NOTICE', 6, { notice, requestId: `request-${index}`, content: readNotice(EVERYTHING_NOTICED) })),
  fact('TERMS', 0, { trialEndsAt: '2026-12-23T00:00:00Z' }),
  fact('ENDED', 7, { status: 'RENEWED' }),
  fact('CREATED', 8, { agreementId: 'agmt-b', previousAgreementId: 'agmt-a', intent: 'RENEW' }),
  fact('LICENSE_UPDATED', 8, { agreementId: 'agmt-b' }),
  fact('TERMS', 8, { agreementId: 'agmt-b', trialEndsAt: '2026-12-23T00:00:00Z' }),
  fact('ENDED', 9, { agreementId: 'agmt-b', status: 'CANCELLED' }),
  fact('LICENSE_DEPROVISIONED', 10, { agreementId: 'agmt-b' }),
];
const facts = {
  ...factsOf(...everything),
  registrations: { 'registration-1': at(3) },
  resolution: { firstAt: at(2), lastAt: at(2), customerAwsAccountId: '111122223333', productCode: 'product', freeTrialHint: true },
};

const ofLegacyProduct = domainEventsOf({ licenseId: LEGACY_ID, productCode: LEGACY_PRODUCT }, {
  ...EMPTY_FACTS,
  notifications: notificationFacts(
    notified('subscribe-success', 1, { offerId: 'offer-1', freeTrial: true }), notified('subscribe-success', 2, { offerId: 'offer-2', freeTrial: true }),
    notified('subscribe-fail', 3), notified('entitlement-updated', 4), notified('unsubscribe-pending', 5),
  ),
  registrations: { 'registration-1': at(3) },
}, at(100));

const ofMigrated = domainEventsOf({ licenseId: 'l-migrated', productCode: LEGACY_PRODUCT }, {
  ...factsOf(fact('LICENSE_UPDATED', 1)), migration: { migratedFrom: LEGACY_ID, cutOver: at(180), recordedAt: at(60) },
}, at(100));

/** Of a purchase that starts later. */
const ofPending = domainEventsOf({ licenseId: 'l-pending', productCode: 'product' }, {
  ...factsOf(
    fact('CREATED', 0, { startTime: '2027-01-01T00:00:00Z' }), fact('AMENDED', 1, { requestId: 'request' }), fact('ADVISORY_ISSUED', 2),
    fact('ADVISORY_RESOLVED', 3), fact('NOTICE', 4, { notice: 'SPEND_THRESHOLD_REACHED' }),
  ),
  registrations: { 'registration-1': at(3) },
}, at(100));

describe('domain events', () => {
  const events = [...domainEventsOf({ licenseId: LICENSE, productCode: 'product' }, facts, at(100)), ...ofPending, ...ofLegacyProduct, ...ofMigrated];

  test('one subscription\'s life gives rise to domain events of every type', () => {
    expect(new Set(events.map((event) => event.detailType))).toEqual(new Set(OF_SUBSCRIPTIONS));
    expect(new Set(events.map((event) => event.detail.eventId)).size).toBe(events.length);
  });

  test.each(OF_SUBSCRIPTIONS)('%s is published as its schema says', (detailType) => {
    const { schema, validate } = strictValidator(detailType);
    expect(schema.title).toBe(detailType);
    const details = events.filter((event) => event.detailType === detailType)
      .flatMap(({ detail }) => [detail, { ...detail, metering: 'DRY_RUN' }]);
    for (const detail of details) {
      expect({ detail, valid: validate(detail), errors: validate.errors }).toMatchObject({ valid: true, errors: null });
    }
    const sent = new Set(details.flatMap((detail) => Object.keys(detail)));
    expect(Object.keys(schema.properties).filter((name) => !sent.has(name))).toEqual([]);
  });

  test('the events of a subscription that is not active say why', () => {
    expect(ofPending.map(({ detail }) => [detail.status, detail.pendingReason])).toEqual(ofPending.map(() => ['PENDING', 'STARTS_LATER']));
    const [registered] = domainEventsOf({ licenseId: LICENSE, productCode: 'product' }, { ...EMPTY_FACTS, registrations: { r: at(3) } }, at(4));
    expect(registered.detail).toMatchObject({ status: 'PENDING', pendingReason: 'NOT_ACTIVATED' });
  });

  test('the events of a barely known subscription match their schemas', () => {
    const sparse = domainEventsOf({ licenseId: LICENSE, productCode: 'product' }, {
      ...factsOf(fact('LICENSE_UPDATED', 1), fact('LICENSE_DEPROVISIONED', 2)), registrations: { r: at(3) },
    }, at(100));
    expect(sparse).toHaveLength(4);
    for (const { detailType, detail } of sparse) {
      const { validate } = strictValidator(detailType);
      expect({ detail, valid: validate(detail), errors: validate.errors }).toMatchObject({ valid: true });
    }
  });

  test('no domain event has a field of the buyer form', () => {
    for (const { properties } of OF_SUBSCRIPTIONS.map((detailType) => strictValidator(detailType).schema)) {
      expect(Object.keys(properties).filter((name) => /mail|contact|company|name|phone|token/i.test(name))).toEqual([]);
    }
  });
});
