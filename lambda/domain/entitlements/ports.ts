import type { Entitlements } from './entitlement';
import type { EntitlementAnswer, LicenseCircumstances, LicenseEntitlements } from './license-entitlements';
import type { DomainEvent } from '../domain-event';

/** Which license to ask about. The ARN is unknown while only a short form was seen: then the account is asked about. */
export interface LicenseToAsk {
  /** The key of a buyer of a legacy product names the customer identifier, which is then all that is asked by. */
  readonly licenseId: string;
  readonly licenseArn?: string;
  readonly customerAwsAccountId?: string;
}

/** GetEntitlements (docs/marketplace-facts.md#f-5). */
export interface EntitlementSource {
  /**
   * All entitlements of one license.
   *
   * @throws any error of AWS, when no complete answer was had
   */
  entitlementsOf(license: LicenseToAsk): Promise<Entitlements>;
}

/** Entitlements after an answer was stored. */
export interface RecordedEntitlements {
  readonly entitlements: LicenseEntitlements;
  /** Those that the answer gave rise to. */
  readonly events: readonly DomainEvent[];
  /** All that still have to be published, those of an earlier, interrupted change included. */
  readonly pendingEvents: readonly DomainEvent[];
}

/** One item a license, which nothing but answers of AWS and the end of the license change. */
export interface EntitlementStore {
  /** Strongly consistent. */
  read(licenseId: string): Promise<LicenseEntitlements | undefined>;
  /** Stores what is known after an answer, together with the domain events that it gives rise to, in one write. */
  addAnswer(
    circumstances: LicenseCircumstances, answer: EntitlementAnswer, about: EventSubject, now: number,
  ): Promise<RecordedEntitlements>;
  /**
   * Publishes the pending events of a license, and clears them unless others were added meanwhile.
   *
   * @throws when the bus does not take them; they are then still pending
   */
  publishPendingEvents(recorded: RecordedEntitlements): Promise<void>;
  /** Licenses that AWS has to be asked about at `until` (epoch milliseconds) or earlier; eventually consistent. */
  due(until: number): AsyncIterable<string>;
  /** The entitlements in force at a time (epoch milliseconds); undefined before the first. */
  inForceAt(licenseId: string, time: number): Promise<EntitlementPeriod | undefined>;
}

/** Read side of the entitlements, as metering sees it. */
export interface EntitlementHistory {
  /** What was in force from `from` on and before `until` (epoch milliseconds); strongly consistent. */
  during(licenseId: string, from: number, until: number): Promise<KnownEntitlements>;
}

export interface KnownEntitlements {
  /** Those that overlap the time asked for, oldest first; the first of all where it lies before that one. Empty: none was ever known. */
  readonly periods: readonly EntitlementPeriod[];
  /** When AWS was asked last, of the reads that were answered; epoch milliseconds. */
  readonly askedAt?: number;
}

/** A time in which entitlements, and the agreement they belong to, did not change. */
export interface EntitlementPeriod {
  readonly entitlements: Entitlements;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly agreementId?: string;
}

/** What the event says of the subscription. */
export interface EventSubject {
  readonly productCode: string;
  readonly licenseArn?: string;
  readonly customerAwsAccountId?: string;
  readonly status: string;
  readonly registered: boolean;
}
