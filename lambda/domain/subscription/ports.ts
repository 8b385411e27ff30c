import type { AgreementFacts, SubscriptionFacts } from './facts';
import type { SubscriptionState } from './state';
import type { Subscription } from './subscription';
import type { DomainEvent } from '../domain-event';
import type { SubscriptionStatus } from '../subscription-directory';

/** A buyer's AWS account and the product that it bought. One account may have several licenses of a product. */
export interface BuyerAccount {
  readonly customerAwsAccountId: string;
  readonly productCode: string;
}

/** A subscription after facts were added to it. */
export interface RecordedSubscription {
  readonly licenseId: string;
  readonly state: SubscriptionState;
  /** Those that the added facts gave rise to. */
  readonly events: readonly DomainEvent[];
  /** All that still have to be published, those of an earlier, interrupted change included. */
  readonly pendingEvents: readonly DomainEvent[];
}

/** An agreement after facts were added to it. */
export interface KnownAgreement {
  readonly licenseIds: readonly string[];
  readonly facts: AgreementFacts;
}

export interface CountOptions {
  /** Epoch milliseconds: those that have the status since later than `after`, and since `until` at the latest. */
  readonly after: number;
  readonly until: number;
  /** Only those that a buyer should have registered, and has not. */
  readonly unregistered?: boolean;
  /** Asked before each further page. */
  readonly hasTime: () => boolean;
}

/** Subscriptions and agreements. Every write adds to what is there; none replaces what another one wrote. */
export interface SubscriptionStore {
  /** Strongly consistent. */
  read(licenseId: string): Promise<Subscription | undefined>;
  /** Strongly consistent. */
  readAgreement(agreementId: string): Promise<KnownAgreement | undefined>;
  /** Adds facts to a subscription together with the domain events that they give rise to, in one write. */
  addFacts(licenseId: string, facts: SubscriptionFacts, now: number): Promise<RecordedSubscription>;
  /** Adds facts to an agreement, and the license that it turned out to be for. */
  addAgreementFacts(agreementId: string, facts: AgreementFacts, licenseId: string | undefined, now: number): Promise<KnownAgreement>;
  /**
   * Publishes the pending events of a subscription, and clears them unless others were added meanwhile.
   *
   * @throws when the bus does not take them; they are then still pending
   */
  publishPendingEvents(subscription: RecordedSubscription): Promise<void>;
  /** License ids of a buyer's account; eventually consistent. */
  licensesOf(account: BuyerAccount): Promise<readonly string[]>;
  /** License ids of stored status whose `statusAt` is `until` (epoch milliseconds) or earlier; eventually consistent. */
  licensesByStatus(status: SubscriptionStatus, until: number): AsyncIterable<string>;
  /**
   * Eventually consistent. Its cost grows with the number of subscriptions that have the status since that time. Not
   * `complete`: time was up, and the count is a lower bound.
   */
  countByStatus(status: SubscriptionStatus, options: CountOptions): Promise<{ readonly count: number; readonly complete: boolean }>;
}

/** Licenses for which something is due: the outcome of a free trial, a cut-over. */
export interface DueStore {
  /** Lists the license as due from then on (epoch milliseconds). */
  watch(licenseId: string, until: number): Promise<void>;
  /** Licenses that are due at `until` (epoch milliseconds); eventually consistent. */
  due(until: number): AsyncIterable<string>;
  forget(licenseId: string, now: number): Promise<void>;
}

/** How far reconciliation has compared AWS's record of the agreements with the subscriptions. Times are epoch milliseconds. */
export interface AgreementScan {
  /** All that AWS's record showed by then has been compared. */
  readonly checkedUntil: number;
  /** Id of the product in the listing, once an agreement of one of its licenses has named it (docs/marketplace-facts.md#f-2-1). */
  readonly productId?: string;
  /** A scan that the end of a run interrupted, up to `until`: its page, and how many agreements of the page are done. */
  readonly open?: { readonly until: number; readonly page?: string; readonly done: number };
  /** AWS refused to answer: the next attempt is not before this. */
  readonly retryAt?: number;
}

/** What reconciliation remembers from one run to the next. */
export interface Progress {
  /** Subscriptions that are active since this time (epoch milliseconds) or earlier were checked for a registration. */
  readonly unregisteredCheckedUntil?: number;
  /** Absent before the first run. */
  readonly agreements?: AgreementScan;
}

/** Each part is written by itself. */
export interface ReconciliationProgress {
  read(): Promise<Progress>;
  writeUnregisteredCheckedUntil(activeSince: number): Promise<void>;
  writeAgreementScan(scan: AgreementScan): Promise<void>;
}
