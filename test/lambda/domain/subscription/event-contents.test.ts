import { domainEventsOf } from '../../../../lambda/domain/subscription/domain-events';
import { type AgreementFact, EMPTY_FACTS, type SubscriptionFacts } from '../../../../lambda/domain/subscription/facts';
import { type NotificationFact, notificationFacts } from '../../../../lambda/domain/subscription/notification-facts';
import { at, fact, factsOf, LICENSE } from '../../../support/facts';
import { LEGACY_BUYER, LEGACY_ID, notified } from '../../../support/notifications';

const iso = (minutes: number) => new Date(at(minutes)).toISOString();
const updated = fact('LICENSE_UPDATED', 1);

const published = (facts: SubscriptionFacts, now = 100, licenseId = LICENSE) => domainEventsOf({ licenseId, productCode: 'product' }, facts, at(now));
/** Type, moment and what is of this event alone. */
const own = (events: ReturnType<typeof published>) => events.map(({ detailType, time, detail }) => {
  const { version, productCode, licenseId, customerIdentifier, status, pendingReason, registered, eventId, ...more } = detail;
  return [detailType, time, eventId, more];
});
const ofAgreement = (...facts: readonly AgreementFact[]) => own(published(factsOf(updated, ...facts))).slice(1);
const ofLegacy = (facts: readonly NotificationFact[], more: Partial<SubscriptionFacts> = {}) =>
  own(published({ ...EMPTY_FACTS, notifications: notificationFacts(...facts), ...more }, 500, LEGACY_ID));

describe('what every event says of the subscription', () => {
  test('an event has the identity and the status of the subscription', () => {
    const [activated, ...others] = published(factsOf(updated, fact('CREATED', 0, { customerAwsAccountId: '111122223333', productCode: 'named' })));
    expect(others).toEqual([]);
    expect(activated).toStrictEqual({
      detailType: 'Subscription Activated',
      time: iso(1),
      detail: {
        version: '1',
        eventId: `subscription-activated:agmt-a:${LICENSE}`,
        productCode: 'named',
        licenseId: LICENSE,
        customerAwsAccountId: '111122223333',
        status: 'ACTIVE',
        registered: false,
        agreementId: 'agmt-a',
        activatedAt: iso(1),
      },
    });
  });

  test('an event says whether the buyer has registered', () => {
    const all = published({ ...factsOf(updated), registrations: { r: at(3) } });
    expect(all.map(({ detail }) => detail.registered)).toEqual([true, true]);
  });

  test('an event of a buyer of a legacy product has the customer identifier, and the product code of the integration', () => {
    const [activated] = published({ ...EMPTY_FACTS, notifications: notificationFacts(notified('subscribe-success', 1)) }, 5, LEGACY_ID);
    expect(activated.detail).toStrictEqual({
      version: '1',
      eventId: `subscription-activated:${iso(1)}:${LEGACY_ID}`,
      productCode: 'product',
      licenseId: LEGACY_ID,
      customerIdentifier: LEGACY_BUYER,
      status: 'ACTIVE',
      registered: false,
      activatedAt: iso(1),
    });
  });
});

describe('registrations', () => {
  test('each registration is an event, which says which one was the first', () => {
    expect(own(published({ ...factsOf(updated), registrations: { r1: at(9), r2: at(5) } }))).toEqual([
      ['Subscription Activated', iso(1), `subscription-activated:agmt-a:${LICENSE}`, { agreementId: 'agmt-a', activatedAt: iso(1) }],
      ['Buyer Registered', iso(5), `buyer-registered:r2:${LICENSE}`, {
        registrationId: 'r2', registeredAt: iso(5), registeredBefore: false, firstRegisteredAt: iso(5), agreementId: 'agmt-a',
      }],
      ['Buyer Registered', iso(9), `buyer-registered:r1:${LICENSE}`, {
        registrationId: 'r1', registeredAt: iso(9), registeredBefore: true, firstRegisteredAt: iso(5), agreementId: 'agmt-a',
      }],
    ]);
  });

  test.each([[true, { freeTrialHint: true }], [false, {}], [undefined, {}]])('where the browser said %s about a free trial, the event has %j', (freeTrialHint, expected) => {
    const resolution = { firstAt: at(2), lastAt: at(2), customerAwsAccountId: '111122223333', productCode: 'product', ...freeTrialHint !== undefined && { freeTrialHint } };
    const [, [type, , , more]] = own(published({ ...factsOf(updated), registrations: { r: at(3) }, resolution }));
    expect([type, more]).toEqual(['Buyer Registered', {
      registrationId: 'r', registeredAt: iso(3), registeredBefore: false, firstRegisteredAt: iso(3), agreementId: 'agmt-a', customerAwsAccountId: '111122223333', ...expected,
    }]);
  });

  test('a registration before any license event is an event without an agreement', () => {
    expect(own(published({ ...EMPTY_FACTS, registrations: { r: at(3) } }))).toEqual([
      ['Buyer Registered', iso(3), `buyer-registered:r:${LICENSE}`, { registrationId: 'r', registeredAt: iso(3), registeredBefore: false, firstRegisteredAt: iso(3) }],
    ]);
  });
});

describe('what happens to an agreement', () => {
  const terms = { status: 'ACTIVE', intent: 'AMEND', startTime: iso(0), endTime: iso(9000), autoRenewalEnabled: false, daysBeforeEndTime: 30, offerId: 'offer-1' };
  const ofTerms = {
    agreementStatus: 'ACTIVE', intent: 'AMEND', startTime: iso(0), endTime: iso(9000), autoRenewalEnabled: false, daysBeforeEndTime: 30, offerId: 'offer-1',
  };

  test.each<[string, AgreementFact, string, string, Record<string, unknown>]>([
    ['a later License Updated', fact('LICENSE_UPDATED', 3), 'Subscription Updated', `subscription-updated:LICENSE_UPDATED:agmt-a:${iso(3)}`, {
      reason: 'LICENSE_UPDATED', changedAt: iso(3),
    }],
    ['an amendment', fact('AMENDED', 3, { ...terms, requestId: 'request-1' }), 'Subscription Updated', 'subscription-updated:AGREEMENT_AMENDED:agmt-a:request-1', {
      reason: 'AGREEMENT_AMENDED', changedAt: iso(3), ...ofTerms,
    }],
    ['a coming end', fact('ENDING_NOTICE', 3, terms), 'Subscription Updated', `subscription-updated:AGREEMENT_ENDING_SOON:agmt-a:${iso(3)}`, {
      reason: 'AGREEMENT_ENDING_SOON', changedAt: iso(3), ...ofTerms,
    }],
    ['a renewal', fact('ENDED', 3, { status: 'RENEWED' }), 'Subscription Updated', `subscription-updated:AGREEMENT_RENEWED:agmt-a:${iso(3)}`, {
      reason: 'AGREEMENT_RENEWED', changedAt: iso(3), agreementStatus: 'RENEWED',
    }],
    ['a replacement', fact('ENDED', 3, { status: 'REPLACED' }), 'Subscription Updated', `subscription-updated:AGREEMENT_REPLACED:agmt-a:${iso(3)}`, {
      reason: 'AGREEMENT_REPLACED', changedAt: iso(3), agreementStatus: 'REPLACED',
    }],
    ['an advisory', fact('ADVISORY_ISSUED', 3, { advisoryTime: iso(2) }), 'Advisory Issued', `advisory-issued:agmt-a:${iso(3)}`, { issuedAt: iso(2) }],
    ['an advisory without a time of its own', fact('ADVISORY_ISSUED', 3), 'Advisory Issued', `advisory-issued:agmt-a:${iso(3)}`, { issuedAt: iso(3) }],
    ['a resolved advisory', fact('ADVISORY_RESOLVED', 3, { advisoryTime: iso(2) }), 'Advisory Resolved', `advisory-resolved:agmt-a:${iso(3)}`, { resolvedAt: iso(2) }],
    ['a resolved advisory without a time of its own', fact('ADVISORY_RESOLVED', 3), 'Advisory Resolved', `advisory-resolved:agmt-a:${iso(3)}`, { resolvedAt: iso(3) }],
    [
      'a notice', fact('NOTICE', 3, { notice: 'RENEWAL_UPCOMING', content: { offerId: 'offer-2', lockoutReached: false }, requestId: 'request-2' }),
      'Agreement Notice', 'agreement-notice:RENEWAL_UPCOMING:agmt-a:request-2', { notice: 'RENEWAL_UPCOMING', noticedAt: iso(3), offerId: 'offer-2', lockoutReached: false },
    ],
  ])('%s is one event with its content', (_, reported, type, id, more) => {
    expect(ofAgreement(reported)).toEqual([[type, iso(3), `${id}:${LICENSE}`, { agreementId: 'agmt-a', ...more }]]);
  });

  test.each([
    ['an agreement that was made', fact('CREATED', 3, terms)],
    ['terms without a free trial', fact('TERMS', 3)],
    ['a free trial of an agreement that is not active', fact('TERMS', 3, { agreementId: 'agmt-b', trialEndsAt: iso(90) })],
  ])('%s is no event', (_, reported) => {
    expect(ofAgreement(reported)).toEqual([]);
  });

  test.each([['CANCELLED', { endStatus: 'CANCELLED' }], [undefined, {}]])('an end with status %s is the end of the subscription and no update', (status, expected) => {
    const end = { agreementId: 'agmt-a', endedAt: iso(3), finalWindowClosesAt: iso(63), ...expected };
    const facts = factsOf(updated, fact('ENDED', 3, status === undefined ? {} : { status }));
    const ending = ['Subscription Ending', iso(3), `subscription-ending:agmt-a:${LICENSE}`, end];
    expect(own(published(facts, 62)).slice(1)).toEqual([ending]);
    expect(own(published(facts, 63)).slice(1)).toEqual([ending, ['Subscription Ended', iso(63), `subscription-ended:agmt-a:${LICENSE}`, end]]);
  });

  test('a license of which only the end is known has no activation', () => {
    expect(own(published(factsOf(fact('LICENSE_DEPROVISIONED', 12)), 13))).toEqual([
      ['Subscription Ending', iso(12), `subscription-ending:agmt-a:${LICENSE}`, { agreementId: 'agmt-a', endedAt: iso(12), finalWindowClosesAt: iso(72) }],
    ]);
  });

  test('the activation of each agreement is an event, and names the agreement before it', () => {
    const renewed = ofAgreement(
      fact('CREATED', 2, { agreementId: 'agmt-b', previousAgreementId: 'agmt-a', intent: 'RENEW' }), fact('LICENSE_UPDATED', 5, { agreementId: 'agmt-b' }),
    );
    expect(renewed).toEqual([['Subscription Activated', iso(5), `subscription-activated:agmt-b:${LICENSE}`, {
      agreementId: 'agmt-b', activatedAt: iso(5), previousAgreementId: 'agmt-a',
    }]]);
  });

  test('events are published oldest first, and those of one moment by their ids', () => {
    const facts = factsOf(fact('ADVISORY_RESOLVED', 4), fact('ADVISORY_ISSUED', 4), fact('AMENDED', 2), updated);
    expect(own(published({ ...facts, registrations: { r: at(1) } })).map(([, , id]) => id)).toEqual([
      `buyer-registered:r:${LICENSE}`, `subscription-activated:agmt-a:${LICENSE}`, `subscription-updated:AGREEMENT_AMENDED:agmt-a:${iso(2)}:${LICENSE}`,
      `advisory-issued:agmt-a:${iso(4)}:${LICENSE}`, `advisory-resolved:agmt-a:${iso(4)}:${LICENSE}`,
    ]);
  });
});

describe('a free trial', () => {
  const trial = { agreementId: 'agmt-a', startedAt: iso(1), trialEndsAt: iso(600), freeTrial: true };
  const terms = fact('TERMS', 0, { trialEndsAt: iso(600) });
  const started = ['Free Trial Started', iso(1), `free-trial-started:agmt-a:${LICENSE}`, trial];

  test('a free trial that is open has begun', () => {
    expect(own(published(factsOf(updated, terms), 659))[0]).toEqual(started);
    expect(own(published(factsOf(updated, terms), 659)).map(([type]) => type)).toEqual(['Free Trial Started', 'Subscription Activated']);
  });

  test('a free trial becomes a paid subscription at its end', () => {
    expect(own(published(factsOf(updated, terms), 660)).at(-1)).toEqual(['Free Trial Converted', iso(600), `free-trial-converted:agmt-a:${LICENSE}`, {
      ...trial, freeTrial: false, convertedAt: iso(600),
    }]);
  });

  test('a free trial lapses with the end of the subscription', () => {
    const ended = own(published(factsOf(updated, terms, fact('ENDED', 50, { status: 'CANCELLED' })), 60));
    expect(ended.filter(([type]) => String(type).startsWith('Free Trial'))).toEqual([started, ['Free Trial Lapsed', iso(50), `free-trial-lapsed:agmt-a:${LICENSE}`, {
      ...trial, lapsedAt: iso(50), endStatus: 'CANCELLED',
    }]]);
  });
});

describe('a buyer of a legacy product', () => {
  const offer = { offerId: 'offer-1', freeTrial: true };

  test('notifications are events with what they say of the offer', () => {
    expect(ofLegacy([
      notified('subscribe-success', 1, offer), notified('subscribe-success', 2, { ...offer, offerId: 'offer-2' }), notified('subscribe-fail', 3),
      notified('entitlement-updated', 4, { freeTrial: false }),
    ])).toEqual([
      ['Subscription Activated', iso(1), `subscription-activated:${iso(1)}:${LEGACY_ID}`, { activatedAt: iso(1), offerId: 'offer-1', freeTrial: true }],
      ['Subscription Updated', iso(2), `subscription-updated:OFFER_CHANGED:${iso(2)}:${LEGACY_ID}`, { reason: 'OFFER_CHANGED', changedAt: iso(2), offerId: 'offer-2', freeTrial: true }],
      ['Subscription Updated', iso(3), `subscription-updated:SUBSCRIBE_FAILED:${iso(3)}:${LEGACY_ID}`, { reason: 'SUBSCRIBE_FAILED', changedAt: iso(3), freeTrial: false }],
      ['Subscription Updated', iso(4), `subscription-updated:ENTITLEMENT_UPDATED:${iso(4)}:${LEGACY_ID}`, { reason: 'ENTITLEMENT_UPDATED', changedAt: iso(4), freeTrial: false }],
    ]);
  });

  test('entitlements that change at the moment of the activation are no second activation', () => {
    expect(ofLegacy([notified('subscribe-success', 1), notified('entitlement-updated', 1)]).map(([type, , id]) => [type, id])).toEqual([
      ['Subscription Activated', `subscription-activated:${iso(1)}:${LEGACY_ID}`], ['Subscription Updated', `subscription-updated:ENTITLEMENT_UPDATED:${iso(1)}:${LEGACY_ID}`],
    ]);
  });

  test('the end of each subscription has the time of the end in its id', () => {
    const end = { endedAt: iso(10), finalWindowClosesAt: iso(45) };
    expect(ofLegacy([notified('subscribe-success', 1), notified('unsubscribe-pending', 10), notified('unsubscribe-success', 45)]).slice(1)).toEqual([
      ['Subscription Ending', iso(10), `subscription-ending:${iso(10)}:${LEGACY_ID}`, end], ['Subscription Ended', iso(45), `subscription-ended:${iso(10)}:${LEGACY_ID}`, end],
    ]);
  });

  test('notifications from the cut-over of a migration on are no events', () => {
    const begun = notified('subscribe-success', 1);
    const migration = { continuesAs: LICENSE, cutOver: at(60), recordedAt: at(30) };
    const types = (...facts: readonly NotificationFact[]) => ofLegacy([begun, ...facts], { migration }).map(([type, time]) => [type, time]);
    expect(types(notified('entitlement-updated', 59), notified('entitlement-updated', 60), notified('entitlement-updated', 61))).toEqual([
      ['Subscription Activated', iso(1)], ['Subscription Updated', iso(59)],
    ]);
  });
});

describe('the license of a migrated buyer', () => {
  const migration = { migratedFrom: LEGACY_ID, cutOver: at(120), recordedAt: at(30) };
  const eventsOf = (...facts: readonly AgreementFact[]) => own(published({ ...factsOf(...facts), migration }));
  const migrated = ['Subscription Updated', iso(30), `subscription-updated:MIGRATED:${iso(30)}:${LICENSE}`, {
    reason: 'MIGRATED', changedAt: iso(30), migratedFrom: LEGACY_ID, cutOver: iso(120),
  }];

  test('the migration is an event with the former key and the hour of the cut-over', () => {
    expect(eventsOf(updated)).toEqual([migrated]);
  });

  test('what happened up to the migration is not published, what happens later is', () => {
    const later = eventsOf(updated, fact('LICENSE_UPDATED', 29), fact('LICENSE_UPDATED', 30), fact('LICENSE_UPDATED', 31));
    expect(later).toEqual([migrated, ['Subscription Updated', iso(31), `subscription-updated:LICENSE_UPDATED:agmt-a:${iso(31)}:${LICENSE}`, {
      agreementId: 'agmt-a', reason: 'LICENSE_UPDATED', changedAt: iso(31),
    }]]);
  });

  test('only the first activation is not published, also where the one of the previous agreement becomes known with a later time', () => {
    const [, ...later] = eventsOf(
      fact('CREATED', 0, { agreementId: 'agmt-b', previousAgreementId: 'agmt-a' }), fact('LICENSE_UPDATED', 40, { agreementId: 'agmt-b' }), fact('LICENSE_UPDATED', 50),
    );
    expect(later).toEqual([['Subscription Activated', iso(50), `subscription-activated:agmt-a:${LICENSE}`, { agreementId: 'agmt-a', activatedAt: iso(50) }]]);
  });

  test('a license that awaits its migration publishes nothing', () => {
    expect(published({ ...factsOf(updated), registrations: { r: at(3) }, awaited: true })).toEqual([]);
  });
});
