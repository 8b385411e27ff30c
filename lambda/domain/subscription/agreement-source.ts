/** What AWS Marketplace has on record about one agreement. Times are epoch milliseconds. */
export interface AgreementRecord {
  readonly agreementId: string;
  /** ACTIVE, CANCELLED, EXPIRED, TERMINATED, RENEWED, REPLACED, and others that AWS may add. */
  readonly status?: string;
  /** The first of a chain of renewals and replacements; its own id for an agreement that succeeds none. */
  readonly initialAgreementId?: string;
  readonly customerAwsAccountId?: string;
  /** Product ids (`prod-…`), which are not product codes (docs/marketplace-facts.md#f-2-1). */
  readonly productIds: readonly string[];
  readonly licenseArns: readonly string[];
  readonly offerId?: string;
  readonly acceptanceTime?: number;
  readonly startTime?: number;
  /** Planned end; absent for an agreement without one. */
  readonly endTime?: number;
  /** When an attribute, such as the status, last changed. */
  readonly lastUpdateTime?: number;
}

/** Which agreements to read; every field that is given must match. */
export interface AgreementQuery {
  /** Epoch milliseconds: changed after this. */
  readonly updatedAfter?: number;
  readonly productId?: string;
  readonly licenseArn?: string;
  readonly initialAgreementId?: string;
}

/** What of the terms of an agreement is of use here. */
export interface AgreementTerms {
  /** ISO 8601, such as P30D; absent: there is no free trial. */
  readonly freeTrialDuration?: string;
}

export interface AgreementPage {
  readonly agreements: readonly AgreementRecord[];
  /** Absent: this was the last page. */
  readonly nextToken?: string;
}

/**
 * The seller's agreements, as AWS Marketplace has them on record (docs/marketplace-facts.md#f-11-1). Agreements that a
 * channel partner proposed are not among them: the seller has no part in those (docs/marketplace-facts.md#f-3-3).
 */
export interface AgreementSource {
  /** @throws AgreementSourceError */
  search(query: AgreementQuery, nextToken?: string): Promise<AgreementPage>;
  /**
   * Reads one agreement. Licenses and the time of the last change are not in the answer.
   *
   * @throws AgreementSourceError
   */
  describe(agreementId: string): Promise<AgreementRecord>;
  /**
   * Reads the accepted terms of one agreement.
   *
   * @throws AgreementSourceError
   */
  terms(agreementId: string): Promise<AgreementTerms>;
}

/** AWS did not answer; the message says what to do. `code` is the name of AWS's error. */
export class AgreementSourceError extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
    this.name = 'AgreementSourceError';
  }
}
