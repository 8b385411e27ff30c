"""Types of usage records and domain events. Generated from schema/ by scripts/generate-app-types.js: do not edit."""

from typing import Dict, List, Literal, NotRequired, TypedDict, Union


class UsageRecord(TypedDict):
    """One piece of usage, as the seller's app reports it: alone or in an array as the body of a message to the usage
    queue, or in `records` of a direct invocation of the intake function. This schema refuses what intake refuses
    for its form; dimensions, metrics and the age of usage only intake knows. Fields that are not named here are
    ignored.
    """

    id: str
    license: str
    dimension: NotRequired[Union[str, None]]
    metric: NotRequired[Union[str, None]]
    quantity: Union[float, str]
    time: str
    tags: NotRequired[Union[Dict[str, str], None]]


class UsageRejectedDetail(TypedDict):
    """Detail of the domain event `Usage Rejected`, version 1: a usage record was not taken (`recordId`, can be
    corrected and sent again), or usage that was taken will not be billed (`hour`, `quantity`).
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: NotRequired[str]
    recordId: NotRequired[str]
    dimension: NotRequired[str]
    hour: NotRequired[str]
    quantity: NotRequired[str]
    reason: str
    message: str
    retryable: bool


class UsageUnresolvedDetail(TypedDict):
    """Detail of the domain event `Usage Unresolved`, version 1: an hour was sent, but it is not known whether AWS
    Marketplace took it, and it is too late to ask again; or somebody else metered it. Look it up in CloudTrail
    and settle it.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    dimension: str
    hour: str
    quantity: str
    reason: str


class AdvisoryIssuedDetail(TypedDict):
    """AWS suspects fraud or compromise of the buyer's account. It is no revocation: the seller decides about access.
    This is the `detail` of the event; its source is `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    pendingReason: NotRequired[Literal["STARTS_LATER", "NOT_ACTIVATED"]]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: str
    issuedAt: str


class AdvisoryResolvedDetail(TypedDict):
    """AWS has resolved an advisory. This is the `detail` of the event; its source is `marketplace-saas`."""

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    pendingReason: NotRequired[Literal["STARTS_LATER", "NOT_ACTIVATED"]]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: str
    resolvedAt: str


class AgreementNoticeDetail(TypedDict):
    """AWS Marketplace announced something about an agreement. It changes no subscription by itself. This is the
    `detail` of the event; its source is `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    pendingReason: NotRequired[Literal["STARTS_LATER", "NOT_ACTIVATED"]]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: str
    notice: Literal["RENEWAL_TERMS_FINALIZED", "RENEWAL_UPCOMING", "CANCELLATION_REQUEST_PENDING_APPROVAL", "CANCELLATION_REQUEST_APPROVED", "CANCELLATION_REQUEST_REJECTED", "CANCELLATION_REQUEST_CANCELLED", "CANCELLATION_REQUEST_VALIDATION_FAILED", "BILLING_ADJUSTMENT_COMPLETED", "BILLING_ADJUSTMENT_FAILED", "SPEND_THRESHOLD_REACHED", "SPEND_THRESHOLD_VET_SUCCEEDED", "SPEND_THRESHOLD_VET_FAILED"]
    noticedAt: str
    startTime: NotRequired[str]
    endTime: NotRequired[str]
    offerId: NotRequired[str]
    totalContractValue: NotRequired[str]
    currencyCode: NotRequired[str]
    termsFinalizedTime: NotRequired[str]
    lockoutReached: NotRequired[bool]
    lockoutStartTime: NotRequired[str]
    cancellationRequestId: NotRequired[str]
    cancellationReasonCode: NotRequired[str]
    billingAdjustmentRequestId: NotRequired[str]
    adjustmentAmount: NotRequired[str]
    adjustmentCurrencyCode: NotRequired[str]
    adjustmentReasonCode: NotRequired[str]
    originalInvoiceId: NotRequired[str]


class BuyerEmailConfirmedDetail(TypedDict):
    """A buyer has confirmed the e-mail address by the link in the welcome e-mail. The address is in the
    registrations table, under the registration id. This is the `detail` of the event; its source is
    `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: NotRequired[str]
    customerAwsAccountId: str
    registrationId: str
    confirmedAt: str


class BuyerEmailEnteredDetail(TypedDict):
    """A buyer has sent the form of the hosted page, or has sent it again with corrections; only with a welcome
    e-mail. What was entered is in the registrations table, under the registration id. This is the `detail` of the
    event; its source is `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: NotRequired[str]
    customerAwsAccountId: str
    registrationId: str
    enteredAt: str
    enteredAgain: bool


class BuyerRegisteredDetail(TypedDict):
    """A buyer has completed registration. Personal data is in the registrations table, under the registration id.
    This is the `detail` of the event; its source is `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    customerIdentifier: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    pendingReason: NotRequired[Literal["STARTS_LATER", "NOT_ACTIVATED"]]
    registered: bool
    freeTrial: NotRequired[bool]
    registrationId: str
    registeredAt: str
    registeredBefore: bool
    firstRegisteredAt: str
    agreementId: NotRequired[str]
    freeTrialHint: NotRequired[bool]


class Entitlement(TypedDict):
    """As AWS sent it. AWS may leave out every member."""

    valueType: NotRequired[Literal["INTEGER", "DOUBLE", "BOOLEAN", "STRING"]]
    value: NotRequired[Union[float, bool, str]]
    expiresAt: NotRequired[str]


class Change(TypedDict):
    """One of the changes."""

    dimension: str
    before: NotRequired[Entitlement]
    after: NotRequired[Entitlement]
    difference: NotRequired[float]


class EntitlementChangedDetail(TypedDict):
    """What a buyer of a contract is entitled to has changed. This is the `detail` of the event; its source is
    `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    registered: bool
    agreementId: NotRequired[str]
    changedAt: str
    changes: List[Change]
    entitlements: Dict[str, Entitlement]


class FreeTrialConvertedDetail(TypedDict):
    """The buyer stays after the free trial, and pays. This is the `detail` of the event; its source is
    `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: str
    startedAt: str
    trialEndsAt: str
    convertedAt: str


class FreeTrialLapsedDetail(TypedDict):
    """The subscription ended with its free trial. This is the `detail` of the event; its source is
    `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: str
    startedAt: str
    trialEndsAt: str
    lapsedAt: str
    endStatus: NotRequired[str]


class FreeTrialStartedDetail(TypedDict):
    """By the terms of its agreement, an active subscription is a free trial. This is the `detail` of the event; its
    source is `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: str
    startedAt: str
    trialEndsAt: str


class SubscriptionActivatedDetail(TypedDict):
    """AWS has granted the license: the buyer may use the product, usage may be metered. This is the `detail` of the
    event; its source is `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    customerIdentifier: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: NotRequired[str]
    activatedAt: str
    previousAgreementId: NotRequired[str]
    offerId: NotRequired[str]


class SubscriptionEndedDetail(TypedDict):
    """The final hour is over: nothing more can be metered, access may be revoked. This is the `detail` of the event;
    its source is `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    customerIdentifier: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: NotRequired[str]
    endedAt: str
    finalWindowClosesAt: str
    endStatus: NotRequired[str]


class SubscriptionEndingDetail(TypedDict):
    """The subscription has ended. Usage up to the end may still be reported, at once. This is the `detail` of the
    event; its source is `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    customerIdentifier: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: NotRequired[str]
    endedAt: str
    finalWindowClosesAt: str
    endStatus: NotRequired[str]


class SubscriptionUpdatedDetail(TypedDict):
    """Something about a subscription changed or will change; it continues. This is the `detail` of the event; its
    source is `marketplace-saas`.
    """

    version: Literal["1"]
    eventId: str
    productCode: str
    metering: NotRequired[Literal["DRY_RUN"]]
    licenseId: str
    licenseArn: NotRequired[str]
    customerAwsAccountId: NotRequired[str]
    customerIdentifier: NotRequired[str]
    status: Literal["PENDING", "ACTIVE", "ENDING", "ENDED"]
    pendingReason: NotRequired[Literal["STARTS_LATER", "NOT_ACTIVATED"]]
    registered: bool
    freeTrial: NotRequired[bool]
    agreementId: NotRequired[str]
    reason: Literal["LICENSE_UPDATED", "AGREEMENT_AMENDED", "AGREEMENT_ENDING_SOON", "AGREEMENT_RENEWED", "AGREEMENT_REPLACED", "AGREEMENT_SUPERSEDED", "OFFER_CHANGED", "SUBSCRIBE_FAILED", "ENTITLEMENT_UPDATED", "MIGRATED"]
    changedAt: str
    agreementStatus: NotRequired[str]
    intent: NotRequired[str]
    startTime: NotRequired[str]
    endTime: NotRequired[str]
    autoRenewalEnabled: NotRequired[bool]
    daysBeforeEndTime: NotRequired[float]
    offerId: NotRequired[str]
    migratedFrom: NotRequired[str]
    cutOver: NotRequired[str]
