import { noticedAccount, readNotice } from '../../../../lambda/domain/subscription/agreement-notice';

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
