import { defined } from '../defined';

/** Detail-types, without the role at their end, that announce something about an agreement and change no subscription (docs/marketplace-facts.md#f-3-4). */
export const NOTICES: Readonly<Record<string, string>> = {
  'Purchase Agreement Renewal Terms Finalized': 'RENEWAL_TERMS_FINALIZED',
  'Purchase Agreement Renewal Upcoming': 'RENEWAL_UPCOMING',
  'Agreement Cancellation Request Pending Approval': 'CANCELLATION_REQUEST_PENDING_APPROVAL',
  'Agreement Cancellation Request Approved': 'CANCELLATION_REQUEST_APPROVED',
  'Agreement Cancellation Request Rejected': 'CANCELLATION_REQUEST_REJECTED',
  'Agreement Cancellation Request Cancelled': 'CANCELLATION_REQUEST_CANCELLED',
  'Agreement Cancellation Request Validation Failed': 'CANCELLATION_REQUEST_VALIDATION_FAILED',
  'Purchase Agreement Billing Adjustment Completed': 'BILLING_ADJUSTMENT_COMPLETED',
  'Purchase Agreement Billing Adjustment Failed': 'BILLING_ADJUSTMENT_FAILED',
  'Spend Threshold Reached': 'SPEND_THRESHOLD_REACHED',
  'Spend Threshold Vet Succeeded': 'SPEND_THRESHOLD_VET_SUCCEEDED',
  'Spend Threshold Vet Failed': 'SPEND_THRESHOLD_VET_FAILED',
};

/** AWS could not verify how the buyer pays: a person has to look. */
export const VET_FAILED = 'SPEND_THRESHOLD_VET_FAILED';

type Kind = 'string' | 'boolean';

/** Field of the domain event -> where the event of AWS Marketplace has it. Free text of persons is left out. */
const FIELDS: Readonly<Record<string, readonly [path: string, kind: Kind]>> = {
  startTime: ['agreement.startTime', 'string'],
  endTime: ['agreement.endTime', 'string'],
  offerId: ['agreement.offerId', 'string'],
  totalContractValue: ['renewalSummary.tcv', 'string'],
  currencyCode: ['renewalSummary.currency', 'string'],
  termsFinalizedTime: ['renewalSummary.termsFinalizedTime', 'string'],
  lockoutReached: ['renewalSummary.lockoutReached', 'boolean'],
  lockoutStartTime: ['renewalSummary.lockoutStartTime', 'string'],
  cancellationRequestId: ['agreementCancellationRequest.id', 'string'],
  cancellationReasonCode: ['agreementCancellationRequest.reasonCode', 'string'],
  billingAdjustmentRequestId: ['billingAdjustmentRequest.id', 'string'],
  adjustmentAmount: ['billingAdjustmentRequest.adjustmentAmount', 'string'],
  adjustmentCurrencyCode: ['billingAdjustmentRequest.currencyCode', 'string'],
  adjustmentReasonCode: ['billingAdjustmentRequest.adjustmentReasonCode', 'string'],
  originalInvoiceId: ['invoice.originalInvoiceId', 'string'],
};

/** What a notice says, by field of the domain event. A field that is missing, or of another type than documented, is left out. */
export type NoticeContent = Readonly<Record<string, string | boolean>>;

export function readNotice(detail: Readonly<Record<string, unknown>>): NoticeContent {
  return defined(Object.fromEntries(Object.entries(FIELDS).map(([field, [path, kind]]) => {
    const value = valueAt(detail, path);
    return [field, typeof value === kind && value !== '' ? value : undefined];
  }))) as NoticeContent;
}

/** The buyer's account, which the events of cancellation requests have in another place than all others. */
export function noticedAccount(detail: Readonly<Record<string, unknown>>): string | undefined {
  const account = valueAt(detail, 'acceptor.accountId') ?? valueAt(detail, 'agreement.acceptorId');
  return typeof account === 'string' && account !== '' ? account : undefined;
}

function valueAt(detail: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, member) => (value as Record<string, unknown> | null | undefined)?.[member], detail);
}
