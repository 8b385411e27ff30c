// Generated from schema/ by scripts/generate-app-types.js: do not edit.

/**
 * One piece of usage, as the seller's app reports it: alone or in an array as the body of a message to the usage
 * queue, or in `records` of a direct invocation of the intake function. This schema refuses what intake refuses for
 * its form; dimensions, metrics and the age of usage only intake knows. Fields that are not named here are ignored.
 */
export type UsageRecord = ({ readonly dimension: string } | { readonly metric: string }) & {
  /**
   * Idempotency key, unique within the license. Sent again with the same content nothing changes; with other content
   * the newcomer is rejected.
   */
  readonly id: string;
  /**
   * The license that used: its ARN, or its id (l-…). Of a legacy product: the `licenseId` of its events (legacy-…); in
   * its place a record may have `customerIdentifier`.
   */
  readonly license: string;
  /** API name of a metered dimension of the listing. Either this or `metric`; null is the same as absent. */
  readonly dimension?: string | null;
  /** Name of an internal metric that is billed as a dimension. Either this or `dimension`; null is the same as absent. */
  readonly metric?: string | null;
  /**
   * How much was used: a number, or an exact decimal as a string. At least 0, at most 10^12. A number is rounded to 12
   * decimals, as it is a double; a string has at most 12. Fractions of a unit are carried to the next hour.
   */
  readonly quantity: number | string;
  /**
   * When the usage happened: a date and time with a zone, RFC 3339 or ISO 8601 (2026-11-23T05:30:00Z, 2026-11-23
   * 06:30+01). At most 31 days before it is sent, at most 5 minutes after. It is billed in its hour (UTC).
   */
  readonly time: string;
  /**
   * Vendor-metered tags: shown on the buyer's bill, split by tag set. One to five pairs; an empty object and null are
   * the same as absent.
   */
  readonly tags?: Readonly<Record<string, string>> | null;
};

/**
 * Detail of the domain event `Usage Rejected`, version 1: a usage record was not taken (`recordId`, can be corrected
 * and sent again), or usage that was taken will not be billed (`hour`, `quantity`).
 */
export interface UsageRejectedDetail {
  readonly version: '1';
  /** The same rejection, the same id, however often it is delivered. */
  readonly eventId: string;
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Absent when the record named no license. */
  readonly licenseId?: string;
  /** Id of the record that was not taken; absent when it had none. */
  readonly recordId?: string;
  readonly dimension?: string;
  /** Start of the hour whose usage it is. */
  readonly hour?: string;
  /** Units of the dimension: an exact decimal. */
  readonly quantity?: string;
  /** A reason code, see the guide on metering. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
  /** True: nothing was kept for billing, a corrected record will be taken. */
  readonly retryable: boolean;
}

/**
 * Detail of the domain event `Usage Unresolved`, version 1: an hour was sent, but it is not known whether AWS
 * Marketplace took it, and it is too late to ask again; or somebody else metered it. Look it up in CloudTrail and
 * settle it.
 */
export interface UsageUnresolvedDetail {
  readonly version: '1';
  readonly eventId: string;
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  readonly licenseId: string;
  readonly dimension: string;
  /** Start of the hour. */
  readonly hour: string;
  /** What was sent: whole units. */
  readonly quantity: string;
  /** `HourTooOld`, `LicenseEnded`, the last refusal, `MeteredElsewhere`, or `MaybeMeteredElsewhere`. */
  readonly reason: string;
}

/**
 * AWS suspects fraud or compromise of the buyer's account. It is no revocation: the seller decides about access. This
 * is the `detail` of the event; its source is `marketplace-saas`.
 */
export interface AdvisoryIssuedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Key of the subscription: the last part of the license ARN. */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /**
   * Only while the status is PENDING: the agreement starts later, or AWS has not activated it yet, as it may wait for
   * a payment.
   */
  readonly pendingReason?: 'STARTS_LATER' | 'NOT_ACTIVATED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that grants the license. */
  readonly agreementId: string;
  /** When AWS issued it. */
  readonly issuedAt: string;
}

/** AWS has resolved an advisory. This is the `detail` of the event; its source is `marketplace-saas`. */
export interface AdvisoryResolvedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Key of the subscription: the last part of the license ARN. */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /**
   * Only while the status is PENDING: the agreement starts later, or AWS has not activated it yet, as it may wait for
   * a payment.
   */
  readonly pendingReason?: 'STARTS_LATER' | 'NOT_ACTIVATED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that grants the license. */
  readonly agreementId: string;
  /** When AWS resolved it. */
  readonly resolvedAt: string;
}

/**
 * AWS Marketplace announced something about an agreement. It changes no subscription by itself. This is the `detail`
 * of the event; its source is `marketplace-saas`.
 */
export interface AgreementNoticeDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Key of the subscription: the last part of the license ARN. */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /**
   * Only while the status is PENDING: the agreement starts later, or AWS has not activated it yet, as it may wait for
   * a payment.
   */
  readonly pendingReason?: 'STARTS_LATER' | 'NOT_ACTIVATED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that the notice is about. */
  readonly agreementId: string;
  /** What AWS Marketplace announced. */
  readonly notice: 'RENEWAL_TERMS_FINALIZED' | 'RENEWAL_UPCOMING' | 'CANCELLATION_REQUEST_PENDING_APPROVAL' | 'CANCELLATION_REQUEST_APPROVED' | 'CANCELLATION_REQUEST_REJECTED' | 'CANCELLATION_REQUEST_CANCELLED' | 'CANCELLATION_REQUEST_VALIDATION_FAILED' | 'BILLING_ADJUSTMENT_COMPLETED' | 'BILLING_ADJUSTMENT_FAILED' | 'SPEND_THRESHOLD_REACHED' | 'SPEND_THRESHOLD_VET_SUCCEEDED' | 'SPEND_THRESHOLD_VET_FAILED';
  /** When AWS Marketplace announced it. */
  readonly noticedAt: string;
  /** Start of the renewed agreement, as AWS sent it. */
  readonly startTime?: string;
  /** End of the renewed agreement, as AWS sent it. */
  readonly endTime?: string;
  /** The offer that was accepted. */
  readonly offerId?: string;
  /** Renewals: what the renewed agreement is worth, a decimal as a string. */
  readonly totalContractValue?: string;
  /** Renewals: currency of that value. */
  readonly currencyCode?: string;
  /** Renewals: since when its terms are final, as AWS sent it. */
  readonly termsFinalizedTime?: string;
  /** Renewals: whether the terms can no longer change. */
  readonly lockoutReached?: boolean;
  /** Renewals: from when on the terms cannot change, as AWS sent it. */
  readonly lockoutStartTime?: string;
  /** Cancellation requests: id of the request. */
  readonly cancellationRequestId?: string;
  /** Cancellation requests: why, such as TEST_AGREEMENT. */
  readonly cancellationReasonCode?: string;
  /** Billing adjustments: id of the request. */
  readonly billingAdjustmentRequestId?: string;
  /** Billing adjustments: the amount, a decimal as a string. */
  readonly adjustmentAmount?: string;
  /** Billing adjustments: currency of the amount. */
  readonly adjustmentCurrencyCode?: string;
  /** Billing adjustments: why, such as INCORRECT_METERING. */
  readonly adjustmentReasonCode?: string;
  /** Billing adjustments: the invoice. */
  readonly originalInvoiceId?: string;
}

/**
 * A buyer has confirmed the e-mail address by the link in the welcome e-mail. The address is in the registrations
 * table, under the registration id. This is the `detail` of the event; its source is `marketplace-saas`.
 */
export interface BuyerEmailConfirmedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Key of the subscription, if AWS Marketplace had named it when the form was sent. */
  readonly licenseId?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId: string;
  /** Finds the buyer's data in the registrations table. */
  readonly registrationId: string;
  /** When the buyer confirmed it. */
  readonly confirmedAt: string;
}

/**
 * A buyer has sent the form of the hosted page, or has sent it again with corrections; only with a welcome e-mail.
 * What was entered is in the registrations table, under the registration id. This is the `detail` of the event; its
 * source is `marketplace-saas`.
 */
export interface BuyerEmailEnteredDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Key of the subscription, if AWS Marketplace had named it when the form was sent. */
  readonly licenseId?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId: string;
  /** Finds the buyer's data in the registrations table. */
  readonly registrationId: string;
  /** When the buyer sent the form. */
  readonly enteredAt: string;
  /** The buyer has sent the form before, and may have corrected it. */
  readonly enteredAgain: boolean;
}

/**
 * A buyer has completed registration. Personal data is in the registrations table, under the registration id. This is
 * the `detail` of the event; its source is `marketplace-saas`.
 */
export interface BuyerRegisteredDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /**
   * Key of the subscription: the last part of the license ARN; of a legacy product, `legacy-`, the product code and
   * the customer identifier.
   */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** The buyer of a legacy product, as AWS Marketplace names it; absent for products with Concurrent Agreements. */
  readonly customerIdentifier?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /**
   * Only while the status is PENDING: the agreement starts later, or AWS has not activated it yet, as it may wait for
   * a payment.
   */
  readonly pendingReason?: 'STARTS_LATER' | 'NOT_ACTIVATED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** Finds the buyer's data in the registrations table. */
  readonly registrationId: string;
  /** When the buyer completed it. */
  readonly registeredAt: string;
  /**
   * Another registration of this license came first. Ask this buyer to log in as its owner; never create a second
   * owner.
   */
  readonly registeredBefore: boolean;
  /** When the first registration of this license was completed: this one, unless registeredBefore is true. */
  readonly firstRegisteredAt: string;
  /** The agreement that has the license, once an event of AWS Marketplace has named it. */
  readonly agreementId?: string;
  /** The buyer's browser said that the offer is a free trial: a hint, not proof. */
  readonly freeTrialHint?: boolean;
}

/** As AWS sent it. AWS may leave out every member. */
export interface Entitlement {
  /** Which kind of value AWS sent. */
  readonly valueType?: 'INTEGER' | 'DOUBLE' | 'BOOLEAN' | 'STRING';
  /** The value: 0, false and an empty text are values too. */
  readonly value?: number | boolean | string;
  /** The earliest time through which it is expected to last. Its past alone ends nothing. */
  readonly expiresAt?: string;
}

/** One of the changes. */
export interface Change {
  /** API name of the dimension; AWS may name one that the product does not declare. */
  readonly dimension: string;
  readonly before?: Entitlement;
  readonly after?: Entitlement;
  /** After minus before, where both are numbers; a missing entitlement counts as 0. */
  readonly difference?: number;
}

/**
 * What a buyer of a contract is entitled to has changed. This is the `detail` of the event; its source is
 * `marketplace-saas`.
 */
export interface EntitlementChangedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** The same change always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Key of the subscription: the last part of the license ARN. */
  readonly licenseId: string;
  /** License ARN; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** Status of the subscription when this event was written. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /** The agreement that has the license; absent before License Updated names it. */
  readonly agreementId?: string;
  /** Since when the entitlements below are in force. Events may arrive in any order: the latest one counts. */
  readonly changedAt: string;
  /** The dimensions that have changed. */
  readonly changes: readonly Change[];
  /** All entitlements in force, by dimension. Empty: the buyer is entitled to nothing. */
  readonly entitlements: Readonly<Record<string, Entitlement>>;
}

/** The buyer stays after the free trial, and pays. This is the `detail` of the event; its source is `marketplace-saas`. */
export interface FreeTrialConvertedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Key of the subscription: the last part of the license ARN. */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that grants the license. */
  readonly agreementId: string;
  /** When the trial began. */
  readonly startedAt: string;
  /** When the trial ends or would have ended, by the terms of the agreement. */
  readonly trialEndsAt: string;
  /** Since when the subscription is paid. */
  readonly convertedAt: string;
}

/** The subscription ended with its free trial. This is the `detail` of the event; its source is `marketplace-saas`. */
export interface FreeTrialLapsedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Key of the subscription: the last part of the license ARN. */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that grants the license. */
  readonly agreementId: string;
  /** When the trial began. */
  readonly startedAt: string;
  /** When the trial ends or would have ended, by the terms of the agreement. */
  readonly trialEndsAt: string;
  /** When it ended. */
  readonly lapsedAt: string;
  /** Status of the agreement when it ended, if AWS has sent it. */
  readonly endStatus?: string;
}

/**
 * By the terms of its agreement, an active subscription is a free trial. This is the `detail` of the event; its source
 * is `marketplace-saas`.
 */
export interface FreeTrialStartedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /** Key of the subscription: the last part of the license ARN. */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that grants the license. */
  readonly agreementId: string;
  /** When the trial began. */
  readonly startedAt: string;
  /** When the trial ends or would have ended, by the terms of the agreement. */
  readonly trialEndsAt: string;
}

/**
 * AWS has granted the license: the buyer may use the product, usage may be metered. This is the `detail` of the event;
 * its source is `marketplace-saas`.
 */
export interface SubscriptionActivatedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /**
   * Key of the subscription: the last part of the license ARN; of a legacy product, `legacy-`, the product code and
   * the customer identifier.
   */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** The buyer of a legacy product, as AWS Marketplace names it; absent for products with Concurrent Agreements. */
  readonly customerIdentifier?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that grants the license; absent for legacy products. */
  readonly agreementId?: string;
  /** First License Updated of this agreement; subscribe-success of a legacy product. */
  readonly activatedAt: string;
  /** The agreement that this one renews or replaces. */
  readonly previousAgreementId?: string;
  /** The offer that was accepted. */
  readonly offerId?: string;
}

/**
 * The final hour is over: nothing more can be metered, access may be revoked. This is the `detail` of the event; its
 * source is `marketplace-saas`.
 */
export interface SubscriptionEndedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /**
   * Key of the subscription: the last part of the license ARN; of a legacy product, `legacy-`, the product code and
   * the customer identifier.
   */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** The buyer of a legacy product, as AWS Marketplace names it; absent for products with Concurrent Agreements. */
  readonly customerIdentifier?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that grants the license; absent for legacy products. */
  readonly agreementId?: string;
  /** First of Purchase Agreement Ended and License Deprovisioned. */
  readonly endedAt: string;
  /** Until then AWS accepts usage. */
  readonly finalWindowClosesAt: string;
  /** Status of the ended agreement, where AWS sent it: CANCELLED, EXPIRED, TERMINATED, RENEWED, REPLACED. */
  readonly endStatus?: string;
}

/**
 * The subscription has ended. Usage up to the end may still be reported, at once. This is the `detail` of the event;
 * its source is `marketplace-saas`.
 */
export interface SubscriptionEndingDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /**
   * Key of the subscription: the last part of the license ARN; of a legacy product, `legacy-`, the product code and
   * the customer identifier.
   */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** The buyer of a legacy product, as AWS Marketplace names it; absent for products with Concurrent Agreements. */
  readonly customerIdentifier?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that grants the license; absent for legacy products. */
  readonly agreementId?: string;
  /** First of Purchase Agreement Ended and License Deprovisioned. */
  readonly endedAt: string;
  /** Until then AWS accepts usage. */
  readonly finalWindowClosesAt: string;
  /** Status of the ended agreement, where AWS sent it: CANCELLED, EXPIRED, TERMINATED, RENEWED, REPLACED. */
  readonly endStatus?: string;
}

/**
 * Something about a subscription changed or will change; it continues. This is the `detail` of the event; its source
 * is `marketplace-saas`.
 */
export interface SubscriptionUpdatedDetail {
  /** Version of this schema. */
  readonly version: '1';
  /** Deterministic: the same fact always has the same id, however often it is sent. */
  readonly eventId: string;
  /** Product code of the listing. */
  readonly productCode: string;
  /**
   * Only in events of a deployment with `metering: MeteringMode.DRY_RUN`, which gets every event of the product, and
   * bills nothing.
   */
  readonly metering?: 'DRY_RUN';
  /**
   * Key of the subscription: the last part of the license ARN; of a legacy product, `legacy-`, the product code and
   * the customer identifier.
   */
  readonly licenseId: string;
  /** License ARN as BatchMeterUsage takes it; absent while only a short form was seen. */
  readonly licenseArn?: string;
  /** The buyer's AWS account. */
  readonly customerAwsAccountId?: string;
  /** The buyer of a legacy product, as AWS Marketplace names it; absent for products with Concurrent Agreements. */
  readonly customerIdentifier?: string;
  /** Status when this event was written. Events may arrive in any order: act on this. */
  readonly status: 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';
  /**
   * Only while the status is PENDING: the agreement starts later, or AWS has not activated it yet, as it may wait for
   * a payment.
   */
  readonly pendingReason?: 'STARTS_LATER' | 'NOT_ACTIVATED';
  /** Whether the buyer has completed registration. */
  readonly registered: boolean;
  /**
   * Whether the subscription is a free trial, by the terms of its agreement; of a legacy product, by its
   * notifications. Absent while that is not known.
   */
  readonly freeTrial?: boolean;
  /** The agreement that grants the license; absent for legacy products. */
  readonly agreementId?: string;
  readonly reason: 'LICENSE_UPDATED' | 'AGREEMENT_AMENDED' | 'AGREEMENT_ENDING_SOON' | 'AGREEMENT_RENEWED' | 'AGREEMENT_REPLACED' | 'AGREEMENT_SUPERSEDED' | 'OFFER_CHANGED' | 'SUBSCRIBE_FAILED' | 'ENTITLEMENT_UPDATED' | 'MIGRATED';
  /** When it changed. */
  readonly changedAt: string;
  /** Status of the agreement, as AWS sent it. */
  readonly agreementStatus?: string;
  /** NEW, AMEND, RENEW or REPLACE. */
  readonly intent?: string;
  /** Start of the agreement, as AWS sent it. */
  readonly startTime?: string;
  /** End of the agreement, as AWS sent it. */
  readonly endTime?: string;
  readonly autoRenewalEnabled?: boolean;
  /** Days until the agreement ends. */
  readonly daysBeforeEndTime?: number;
  /** The offer that was accepted. */
  readonly offerId?: string;
  /**
   * Only with reason MIGRATED: the licenseId that this buyer of a legacy product had before. From now on the buyer is
   * known by the licenseId of this event.
   */
  readonly migratedFrom?: string;
  /**
   * Only with reason MIGRATED: usage before this hour is billed by customer identifier, usage after it by license;
   * usage of this hour is billed in the next.
   */
  readonly cutOver?: string;
}

/** The detail of each domain event, by its `detail-type`. */
export interface DomainEventDetails {
  readonly 'Usage Rejected': UsageRejectedDetail;
  readonly 'Usage Unresolved': UsageUnresolvedDetail;
  readonly 'Advisory Issued': AdvisoryIssuedDetail;
  readonly 'Advisory Resolved': AdvisoryResolvedDetail;
  readonly 'Agreement Notice': AgreementNoticeDetail;
  readonly 'Buyer Email Confirmed': BuyerEmailConfirmedDetail;
  readonly 'Buyer Email Entered': BuyerEmailEnteredDetail;
  readonly 'Buyer Registered': BuyerRegisteredDetail;
  readonly 'Entitlement Changed': EntitlementChangedDetail;
  readonly 'Free Trial Converted': FreeTrialConvertedDetail;
  readonly 'Free Trial Lapsed': FreeTrialLapsedDetail;
  readonly 'Free Trial Started': FreeTrialStartedDetail;
  readonly 'Subscription Activated': SubscriptionActivatedDetail;
  readonly 'Subscription Ended': SubscriptionEndedDetail;
  readonly 'Subscription Ending': SubscriptionEndingDetail;
  readonly 'Subscription Updated': SubscriptionUpdatedDetail;
}
