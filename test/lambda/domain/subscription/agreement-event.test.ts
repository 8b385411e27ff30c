import { MalformedEventError, readAgreementEvent } from '../../../../lambda/domain/subscription/agreement-event';
import { fixture } from '../../../support/events';

const AGREEMENT = 'agmt-9x2rk4t0m1example';
const LICENSE = 'l-0123456789abcdef0123456789abcdef';
const ARN = `aws:license-manager:us-east-1:123456789012:${LICENSE}`;
const BUYER = '111122223333';
const utc = (time: string) => Date.parse(`${time}Z`);

const read = (event: object) => readAgreementEvent(JSON.stringify(event));
/** What is read of a documented event that differs in its envelope and, part by part, in its detail. */
const readChanged = (name: string, envelope: object, detail: Readonly<Record<string, unknown>> = {}) => {
  const event = fixture(name);
  return read({ ...event, ...envelope, detail: { ...event.detail, ...detail } });
};
const factOf = (...change: Parameters<typeof readChanged>) => {
  const event = readChanged(...change);
  return event.outcome === 'FACT' ? event.fact : undefined;
};

describe('What is read of a documented event', () => {
  test.each([
    ['created-renewal-proposer', {
      kind: 'CREATED',
      time: utc('2027-08-20T14:00:00'),
      agreementId: 'agmt-renewal0example',
      previousAgreementId: AGREEMENT,
      intent: 'RENEW',
      status: 'ACTIVE',
      acceptanceTime: '2027-08-20T14:00:00Z',
      startTime: '2027-08-20T14:00:00Z',
      endTime: '2028-08-20T14:00:00Z',
      offerId: '5ovexample3ehc',
    }],
    ['amended-proposer', {
      kind: 'AMENDED',
      time: utc('2026-08-20T15:00:00'),
      requestId: 'a1b2c3d4-0000-4000-8000-000000000013',
      intent: 'AMEND',
      status: 'ACTIVE',
      acceptanceTime: '2026-08-20T14:00:00Z',
      startTime: '2026-08-20T14:00:00Z',
      endTime: '2027-08-20T14:00:00Z',
      autoRenewalEnabled: true,
      offerId: '5ovexample3ehc',
    }],
    ['ending-proposer', {
      kind: 'ENDING_NOTICE',
      time: utc('2027-07-21T14:00:00'),
      status: 'ACTIVE',
      startTime: '2026-08-20T14:00:00Z',
      endTime: '2027-08-20T14:00:00Z',
      daysBeforeEndTime: 30,
      autoRenewalEnabled: false,
      offerId: '5ovexample3ehc',
    }],
    ['ended-proposer', { kind: 'ENDED', time: utc('2026-08-20T18:00:00'), status: 'CANCELLED', offerId: '5ovexample3ehc' }],
    ['advisory-issued-manufacturer', {
      kind: 'ADVISORY_ISSUED', time: utc('2026-08-20T14:59:30'), advisoryTime: '2026-08-20T14:59:30Z', offerId: '5ovexample3ehc',
    }],
    ['advisory-resolved-manufacturer', {
      kind: 'ADVISORY_RESOLVED', time: utc('2026-08-20T15:59:30'), advisoryTime: '2026-08-20T15:59:30Z', offerId: '5ovexample3ehc',
    }],
    ['cancellation-request-pending-approval-proposer', {
      kind: 'NOTICE',
      time: utc('2026-08-20T15:00:00'),
      requestId: 'a1b2c3d4-0000-4000-8000-000000000030',
      notice: 'CANCELLATION_REQUEST_PENDING_APPROVAL',
      content: { offerId: 'offer-5ovexample3ehc', cancellationRequestId: 'acr-7example2', cancellationReasonCode: 'TEST_AGREEMENT' },
    }],
    ['spend-threshold-vet-failed', {
      kind: 'NOTICE', time: utc('2026-08-20T15:00:00'), requestId: 'a1b2c3d4-0000-4000-8000-000000000052', notice: 'SPEND_THRESHOLD_VET_FAILED', content: {},
    }],
  ])('the documented event %s is one fact about its agreement', (name, fact) => {
    const event = fixture(name);
    expect(read(event)).toStrictEqual({
      outcome: 'FACT', eventId: event.id, detailType: event['detail-type'], fact: { agreementId: AGREEMENT, customerAwsAccountId: BUYER, ...fact },
    });
  });

  test.each([
    ['license-updated-manufacturer', 'LICENSE_UPDATED', '2026-08-20T14:01:12'],
    ['license-deprovisioned-proposer', 'LICENSE_DEPROVISIONED', '2026-08-20T18:00:31'],
  ])('the documented event %s names the license and the product too', (name, kind, time) => {
    expect(readChanged(name, { id: 'event-1' })).toStrictEqual({
      outcome: 'FACT',
      eventId: 'event-1',
      detailType: fixture(name)['detail-type'],
      licenseId: LICENSE,
      fact: {
        kind, agreementId: AGREEMENT, time: utc(time), customerAwsAccountId: BUYER, offerId: '5ovexample3ehc', productCode: '4ml54db8vrmjuykaw1psroool', licenseArn: ARN,
      },
    });
  });

  test.each(['Proposer', 'Manufacturer', 'Acceptor'])('the variant for the role %s is the same fact', (role) => {
    expect(factOf('ended-proposer', { 'detail-type': `Purchase Agreement Ended - ${role}` })).toStrictEqual(factOf('ended-proposer', {}));
  });

  test('the variant without a role is the same fact, and a role of which nothing is documented makes an unknown event', () => {
    expect(factOf('ended-proposer', { 'detail-type': 'Purchase Agreement Ended' })).toStrictEqual(factOf('ended-proposer', {}));
    expect(readChanged('ended-proposer', { 'detail-type': 'Purchase Agreement Ended - Broker' })).toMatchObject({ outcome: 'UNKNOWN' });
    expect(readChanged('ended-proposer', { 'detail-type': 'Purchase Agreement - Proposer Ended' })).toMatchObject({ outcome: 'UNKNOWN' });
  });

  test('a license named by an event of another kind is not taken for the license of the agreement', () => {
    const event = readChanged('created-proposer', {}, { license: { arn: ARN } });
    expect(event).toMatchObject({ outcome: 'FACT', fact: { kind: 'CREATED' } });
    expect(event).not.toHaveProperty('licenseId');
    expect(event).not.toHaveProperty('fact.licenseArn');
    expect(readChanged('created-proposer', {}, { license: { arn: 'none' } })).toStrictEqual(event);
  });
});

describe('Fields that an event may lack', () => {
  const BARE = { product: undefined, license: undefined, acceptor: undefined, offer: undefined, advisory: undefined };
  const NULL = { product: null, license: null, acceptor: null, offer: null, advisory: null };
  const INNER = {
    product: { code: null }, license: null, acceptor: { accountId: null }, offer: { id: null }, advisory: { issuedAt: null, resolvedAt: null },
  };

  test.each([['are absent', BARE], ['are null', NULL], ['have null within', INNER]])('fields that %s are absent from the fact', (_, parts) => {
    for (const [name, kind] of [['ended-proposer', 'ENDED'], ['advisory-issued-manufacturer', 'ADVISORY_ISSUED']] as const) {
      const { time } = fixture(name);
      expect(factOf(name, {}, { ...parts, agreement: { id: 'agmt-1', status: 'CANCELLED', intent: null, endTime: null, daysBeforeEndTime: null } }))
        .toStrictEqual({ kind, agreementId: 'agmt-1', time: Date.parse(time), status: 'CANCELLED' });
    }
  });

  test('an amendment and a notice without a text as request id have none', () => {
    for (const requestId of [undefined, null, 7]) {
      expect(factOf('amended-proposer', {}, { requestId })).not.toHaveProperty('requestId');
      expect(factOf('renewal-upcoming-proposer', {}, { requestId })).not.toHaveProperty('requestId');
    }
  });

  test('the number of days before the end may be a text', () => {
    const agreement = { id: 'agmt-1', endTime: '2027-08-20T14:00:00Z', daysBeforeEndTime: '60' };
    expect(factOf('ending-proposer', {}, { agreement })).toMatchObject({ daysBeforeEndTime: 60, time: utc('2027-06-21T14:00:00') });
  });
});

describe('The time at which something happened', () => {
  const ARRIVED = '2027-01-01T00:00:00Z';
  const END = '2026-12-31T00:00:00Z';

  test.each([
    ['of a purchase', 'created-proposer', { agreement: { id: 'agmt-1', acceptanceTime: '2026-08-20T14:00:00Z' } }, '2026-08-20T14:00:00Z'],
    ['of a purchase without an acceptance', 'created-proposer', { agreement: { id: 'agmt-1' } }, ARRIVED],
    ['of a purchase whose acceptance is no time', 'created-proposer', { agreement: { id: 'agmt-1', acceptanceTime: 'yesterday' } }, ARRIVED],
    ['of a notice of the end', 'ending-proposer', { agreement: { id: 'agmt-1', endTime: END, daysBeforeEndTime: 90 } }, '2026-10-02T00:00:00Z'],
    ['of a notice without its days', 'ending-proposer', { agreement: { id: 'agmt-1', endTime: END } }, ARRIVED],
    ['of a notice without an end', 'ending-proposer', { agreement: { id: 'agmt-1', daysBeforeEndTime: 90 } }, ARRIVED],
    ['of an amendment', 'amended-proposer', { agreement: { id: 'agmt-1', acceptanceTime: END, endTime: END, daysBeforeEndTime: 1 }, advisory: { issuedAt: END } }, ARRIVED],
    ['of an end', 'ended-proposer', { agreement: { id: 'agmt-1', status: 'EXPIRED', acceptanceTime: END, endTime: END } }, ARRIVED],
    ['of a license', 'license-updated-manufacturer', { agreement: { id: 'agmt-1', acceptanceTime: END } }, ARRIVED],
    ['of an advisory', 'advisory-issued-manufacturer', {}, '2026-08-20T14:59:30Z'],
    ['of an advisory without its time', 'advisory-issued-manufacturer', { advisory: null }, ARRIVED],
    ['of the resolution of an advisory without its time', 'advisory-resolved-manufacturer', { advisory: null }, ARRIVED],
    ['of the resolution of an advisory', 'advisory-resolved-manufacturer', {}, '2026-08-20T15:59:30Z'],
    ['of the resolution of an advisory that says when it was issued too', 'advisory-resolved-manufacturer',
      { advisory: { issuedAt: '2026-08-20T14:59:30Z', resolvedAt: '2026-08-20T15:59:30Z' } }, '2026-08-20T15:59:30Z'],
  ])('the time %s is its own, and where it has none, that of the event', (_, name, detail, time) => {
    expect(new Date(factOf(name, { time: ARRIVED }, detail)?.time ?? 0)).toEqual(new Date(time));
  });
});

describe('An event that is no fact', () => {
  const of = (detailType: string, agreement: unknown) =>
    read({ ...fixture('created-proposer'), 'id': 'event-1', 'detail-type': detailType, 'detail': { agreement } });

  test.each([
    ['of an unknown type', 'Purchase Agreement Frozen - Proposer', { id: 'agmt-1' }, { outcome: 'UNKNOWN', agreementId: 'agmt-1' }],
    ['of an unknown type without an agreement', 'Purchase Agreement Frozen - Proposer', undefined, { outcome: 'UNKNOWN' }],
    ['that announces something of no agreement', 'Spend Threshold Reached', null, { outcome: 'INFORMATIONAL' }],
    ['that announces something of an agreement without an id', 'Spend Threshold Reached', {}, { outcome: 'INFORMATIONAL' }],
    ['that announces something of an agreement with an empty id', 'Spend Threshold Reached', { id: '' }, { outcome: 'INFORMATIONAL' }],
    ['that announces something of an agreement whose id is a number', 'Spend Threshold Reached', { id: 7 }, { outcome: 'INFORMATIONAL' }],
    ['that announces something of an agreement whose id is a list', 'Spend Threshold Reached', { id: ['agmt-1'] }, { outcome: 'INFORMATIONAL' }],
    ['that announces something of an agreement with a longer id than AWS gives', 'Spend Threshold Reached', { id: 'a'.repeat(65) }, { outcome: 'INFORMATIONAL' }],
    ['about a failed check of a buyer of no agreement', 'Spend Threshold Vet Failed', null, { outcome: 'UNKNOWN' }],
  ])('an event %s is returned by its type, with the agreement where it names one', (_, detailType, agreement, expected) => {
    expect(of(detailType, agreement)).toStrictEqual({ eventId: 'event-1', detailType, ...expected });
  });

  test('the id of the agreement of a notice may have 64 characters', () => {
    expect(of('Spend Threshold Reached', { id: 'a'.repeat(64) })).toMatchObject({ outcome: 'FACT', fact: { kind: 'NOTICE', agreementId: 'a'.repeat(64) } });
  });
});

describe('An event that cannot be read', () => {
  const created = fixture('created-proposer');
  const agreement = (more: object) => ({ ...created, detail: { ...created.detail, agreement: { id: 'agmt-1', ...more } } });
  const license = (value: unknown) => ({ ...created, 'detail-type': 'License Updated - Manufacturer', 'detail': { agreement: { id: 'agmt-1' }, license: value } });

  test.each([
    ['without a time', { ...created, time: undefined }, 'time: Invalid input: expected string, received undefined'],
    ['whose time is none', { ...created, time: 'noon' }, 'time: must be an ISO 8601 time'],
    ['from another source', { ...created, source: 'com.example' }, 'source: Invalid input: expected "aws.agreement-marketplace"'],
    ['without its agreement', { ...created, detail: {} }, 'detail.agreement: Invalid input: expected object, received undefined'],
    ['with a number for its end', agreement({ endTime: 7 }), 'detail.agreement.endTime: Invalid input: expected string, received number'],
    ['whose agreement has no id, and a text for a truth', agreement({ id: '', autoRenewalEnabled: 'yes' }),
      'detail.agreement.id: Too small: expected string to have >=1 characters; detail.agreement.autoRenewalEnabled: Invalid input: expected boolean, received string'],
    ['with a longer agreement id than AWS gives', agreement({ id: 'a'.repeat(65) }), 'detail.agreement.id: Too big: expected string to have <=64 characters'],
    ['of an advisory whose time is none', { ...created, detail: { agreement: { id: 'agmt-1' }, advisory: { issuedAt: 'noon' } } },
      'detail.advisory.issuedAt: must be an ISO 8601 time'],
    ['of a license without an id', license({ arn: 'arn:aws:s3:::bucket' }),
      'detail.license.arn is "arn:aws:s3:::bucket": it must end on a license id like l-0123abcd'],
    ['of a license without an ARN', license(null), 'detail.license.arn is undefined: it must end on a license id like l-0123abcd'],
    ['of an end without its status', { ...created, 'detail-type': 'Purchase Agreement Ended - Proposer', 'detail': { agreement: { id: 'agmt-1' } } },
      'detail.agreement.status is missing: it distinguishes an end from a renewal'],
  ])('an event %s is refused with the field and what is wrong with it', (_, event, reason) => {
    expect(() => read(event)).toThrow(new MalformedEventError(reason));
  });

  test('a text that is not JSON is refused with a reason that does not repeat it', () => {
    expect(() => readAgreementEvent('{"detail": jane@example.com')).toThrow(new MalformedEventError('the message is not JSON'));
  });

  test('the error has a name by which the log can be searched', () => {
    const error = new MalformedEventError('a reason');
    expect([error.name, error.message]).toEqual(['MalformedEventError', 'Malformed agreement event: a reason']);
  });

  test('an end without a status is refused, and other events need none', () => {
    expect(factOf('created-proposer', {}, { agreement: { id: 'agmt-1' } })).not.toHaveProperty('status');
  });
});
