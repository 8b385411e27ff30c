import { readAgreementEvent } from '../../../../lambda/domain/subscription/agreement-event';
import { noticedAccount, readNotice } from '../../../../lambda/domain/subscription/agreement-notice';
import { fixture } from '../../../support/events';

const RENEWAL = { startTime: '2027-08-20T14:00:00Z', endTime: '2028-08-20T14:00:00Z', totalContractValue: '1200.00', currencyCode: 'USD' };
const CANCELLATION = { offerId: 'offer-5ovexample3ehc', cancellationRequestId: 'acr-7example2', cancellationReasonCode: 'TEST_AGREEMENT' };
const ADJUSTMENT = {
  billingAdjustmentRequestId: 'bar-4example8', adjustmentAmount: '12.50', adjustmentCurrencyCode: 'USD', adjustmentReasonCode: 'OTHER', originalInvoiceId: 'EXAMPLE1234',
};

test.each([
  ['renewal-terms-finalized-proposer', 'RENEWAL_TERMS_FINALIZED',
    { ...RENEWAL, termsFinalizedTime: '2027-07-20T14:00:00Z', lockoutReached: true, lockoutStartTime: '2027-07-20T14:00:00Z' }],
  ['renewal-upcoming-proposer', 'RENEWAL_UPCOMING', { ...RENEWAL, lockoutReached: false }],
  ['cancellation-request-pending-approval-proposer', 'CANCELLATION_REQUEST_PENDING_APPROVAL', CANCELLATION],
  ['cancellation-request-approved-proposer', 'CANCELLATION_REQUEST_APPROVED', CANCELLATION],
  ['cancellation-request-rejected-proposer', 'CANCELLATION_REQUEST_REJECTED', CANCELLATION],
  ['cancellation-request-cancelled-proposer', 'CANCELLATION_REQUEST_CANCELLED', CANCELLATION],
  ['cancellation-request-validation-failed-proposer', 'CANCELLATION_REQUEST_VALIDATION_FAILED', CANCELLATION],
  ['billing-adjustment-completed-proposer', 'BILLING_ADJUSTMENT_COMPLETED', ADJUSTMENT],
  ['billing-adjustment-failed-proposer', 'BILLING_ADJUSTMENT_FAILED', ADJUSTMENT],
  ['spend-threshold-reached', 'SPEND_THRESHOLD_REACHED', {}],
  ['spend-threshold-vet-succeeded', 'SPEND_THRESHOLD_VET_SUCCEEDED', {}],
  ['spend-threshold-vet-failed', 'SPEND_THRESHOLD_VET_FAILED', {}],
])('the documented event %s announces %s with its documented fields', (name, notice, content) => {
  const event = readAgreementEvent(JSON.stringify(fixture(name)));
  expect(event).toMatchObject({ outcome: 'FACT', fact: { kind: 'NOTICE', notice } });
  expect(event).toHaveProperty('fact.content', content);
});

describe('what a notice about an agreement says', () => {
  test('documented fields are read from where AWS has them', () => {
    expect(readNotice({
      agreement: { endTime: '2027-01-01T00:00:00Z', offerId: 'offer-1' },
      renewalSummary: { tcv: '1200.00', currency: 'USD', lockoutReached: false },
    })).toEqual({ endTime: '2027-01-01T00:00:00Z', offerId: 'offer-1', totalContractValue: '1200.00', currencyCode: 'USD', lockoutReached: false });
  });

  test('a field of another type, an empty one and one that is missing are left out', () => {
    expect(readNotice({ agreement: { endTime: 1, offerId: '', startTime: null }, renewalSummary: { lockoutReached: 'true' } })).toEqual({});
    expect(readNotice({ agreement: null })).toEqual({});
  });

  test('what persons have written stays out, the description of a cancellation say', () => {
    expect(readNotice({ agreementCancellationRequest: { id: 'acr-1', reasonCode: 'OTHER', description: 'please call Jane' } }))
      .toEqual({ cancellationRequestId: 'acr-1', cancellationReasonCode: 'OTHER' });
  });

  test('the account of the buyer is found in both places', () => {
    expect(noticedAccount({ acceptor: { accountId: '111122223333' } })).toBe('111122223333');
    expect(noticedAccount({ agreement: { acceptorId: '444455556666' } })).toBe('444455556666');
    expect(noticedAccount({ acceptor: { accountId: '' } })).toBeUndefined();
    expect(noticedAccount({})).toBeUndefined();
  });

  test('an account that is no text is left out', () => {
    expect(noticedAccount({ acceptor: { accountId: 111122223333 } })).toBeUndefined();
  });
});
