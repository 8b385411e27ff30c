import { type AgreementEvents, licenseArnOf } from './agreement-events';
import type { Ids } from './ids';
import type { Book } from './marketplace-state';
import type { Calendar } from './owned-timers';
import { DAY, SECOND } from './time';
import type { Agreement, EndReason, Entitlement, License, ProductConfig } from './types';
import type { VirtualClock } from '../../ports';
import type { Settings } from '../settings/settings';

/** Days before the end at which the seller is told (facts 9). */
const ENDING_NOTICES = [180, 120, 90, 60, 30];

export interface PurchaseTerms {
  readonly product: ProductConfig;
  readonly customerAwsAccountId: string;
  readonly freeTrial: boolean;
  readonly quantities: Readonly<Record<string, number>>;
  readonly startTime: number;
  readonly endTime?: number;
  readonly autoRenewal: boolean;
  readonly channelPartnerAccountId?: string;
}

export interface ChangedTerms {
  readonly quantities?: Readonly<Record<string, number>>;
  readonly endTime?: number;
  readonly autoRenewal?: boolean;
}

/** What happens to agreements and their licenses, and when the seller hears of it. */
export class Lifecycle {
  constructor(
    private readonly clock: VirtualClock,
    private readonly calendar: Calendar,
    private readonly book: Book,
    private readonly ids: Ids,
    private readonly settings: Settings,
    private readonly events: AgreementEvents,
    private readonly sellerAccountId: string,
  ) {}

  purchase(terms: PurchaseTerms): Agreement {
    const agreementId = this.ids.agreementId();
    return this.accept({
      agreementId,
      initialAgreementId: agreementId,
      intent: 'NEW',
      product: terms.product,
      license: this.newLicense(agreementId, terms.product, terms.customerAwsAccountId, terms.startTime),
      customerAwsAccountId: terms.customerAwsAccountId,
      proposerAccountId: terms.channelPartnerAccountId ?? this.sellerAccountId,
      ...terms.channelPartnerAccountId && { resaleAuthorizationId: this.ids.resaleAuthorizationId() },
      startTime: terms.startTime,
      endTime: terms.endTime,
      freeTrial: terms.freeTrial,
      autoRenewal: terms.autoRenewal,
      quantities: terms.quantities,
    });
  }

  /** More or fewer units, another end: same agreement, another offer. */
  amend(agreement: Agreement, changed: ChangedTerms): void {
    const now = this.clock.now();
    agreement.offerId = this.ids.offerId();
    agreement.quantities = changed.quantities ?? agreement.quantities;
    agreement.endTime = changed.endTime ?? agreement.endTime;
    agreement.autoRenewal = changed.autoRenewal ?? agreement.autoRenewal;
    agreement.lastUpdateTime = now;
    this.scheduleEnd(agreement);
    this.calendar.after(this.settings.get('events.createdDelaySeconds'), 'Purchase Agreement Amended', () => this.events.amended(agreement, now));
    const onlyRenewal = changed.autoRenewal !== undefined && changed.quantities === undefined && changed.endTime === undefined;
    // Before the start nothing is provisioned: what the start provisions is what the agreement says by then.
    if (!onlyRenewal && agreement.startTime <= now) {
      this.provisionAfter(agreement, now);
    }
  }

  /** A new agreement takes the place of `old` now; the license stays or is another one, by setting (facts 2.4). */
  succeed(old: Agreement, intent: 'RENEW' | 'REPLACE', changed: ChangedTerms): Agreement {
    const now = this.clock.now();
    const agreementId = this.ids.agreementId();
    const keeps = this.settings.get(intent === 'RENEW' ? 'renewal.license' : 'replacement.license') === 'same';
    this.close(old, intent === 'RENEW' ? 'RENEWED' : 'REPLACED');
    if (keeps) {
      old.license.agreementId = agreementId;
    } else {
      this.endLicense(old.license);
      this.deprovisionAfter(old, this.settings.get('renewal.deprovisionOldLicense'));
    }
    return this.accept({
      agreementId,
      initialAgreementId: old.initialAgreementId,
      previousAgreementId: old.agreementId,
      intent,
      product: old.product,
      license: keeps ? old.license : this.newLicense(agreementId, old.product, old.customerAwsAccountId, now),
      customerAwsAccountId: old.customerAwsAccountId,
      proposerAccountId: old.proposerAccountId,
      resaleAuthorizationId: old.resaleAuthorizationId,
      startTime: now,
      endTime: changed.endTime ?? (old.endTime === undefined ? undefined : now + (old.endTime - old.startTime)),
      freeTrial: false,
      autoRenewal: changed.autoRenewal ?? old.autoRenewal,
      quantities: changed.quantities ?? old.quantities,
    });
  }

  end(agreement: Agreement, reason: EndReason): void {
    this.close(agreement, reason);
    this.endLicense(agreement.license);
    agreement.license.entitlements = [];
    this.deprovisionAfter(agreement, true);
  }

  private accept(terms: Omit<Agreement, 'offerId' | 'status' | 'acceptanceTime' | 'lastUpdateTime' | 'createdEventAt' | 'pending'>): Agreement {
    const now = this.clock.now();
    const announced = this.settings.get('events.futureDatedCreated') === 'start' ? Math.max(now, terms.startTime) : now;
    const agreement: Agreement = {
      ...terms,
      offerId: this.ids.offerId(),
      status: 'ACTIVE',
      acceptanceTime: now,
      lastUpdateTime: now,
      createdEventAt: announced + this.settings.get('events.createdDelaySeconds') * SECOND,
      pending: new Set(),
    };
    this.book.agreements.set(agreement.agreementId, agreement);
    this.calendar.at(agreement.createdEventAt, 'Purchase Agreement Created', () => this.events.created(agreement));
    this.provisionAfter(agreement, Math.max(now, agreement.startTime));
    this.scheduleEnd(agreement);
    return agreement;
  }

  private newLicense(agreementId: string, product: ProductConfig, customerAwsAccountId: string, startTime: number): License {
    const licenseId = this.ids.licenseId();
    const license: License = {
      licenseId,
      licenseArn: licenseArnOf(licenseId),
      product,
      customerAwsAccountId,
      startTime,
      agreementId,
      resolves: 0,
      entitlements: [],
      unseen: new Set(),
    };
    this.book.addLicense(license);
    return license;
  }

  private provisionAfter(agreement: Agreement, since: number): void {
    const time = since + this.settings.get('events.licenseUpdatedDelaySeconds') * SECOND;
    this.calendar.at(time, 'License Updated', () => {
      const now = this.clock.now();
      if (agreement.status !== 'ACTIVE') {
        return;
      }
      agreement.license.activeAt ??= now;
      this.entitle(agreement.license, Object.entries(agreement.quantities).map(([dimension, value]) => ({
        dimension, value, expirationDate: agreement.endTime ?? Date.UTC(9999, 0, 1),
      })));
      this.events.licenseUpdated(agreement);
    });
  }

  /** GetEntitlements goes on showing what it did until the delay is over. */
  private entitle(license: License, entitlements: readonly Entitlement[]): void {
    this.calendar.cancel(license.unseen);
    this.calendar.after(this.settings.get('entitlements.delaySeconds'), 'GetEntitlements shows a change', () => {
      license.entitlements = entitlements;
    }, license.unseen);
  }

  private endLicense(license: License): void {
    license.endedAt = this.clock.now();
    this.calendar.cancel(license.unseen);
  }

  private deprovisionAfter(agreement: Agreement, announce: boolean): void {
    const { license } = agreement;
    if (license.activeAt === undefined) {
      // It was never provisioned: there is nothing to tell of.
      license.deprovisionedAt = this.clock.now();
      return;
    }
    this.calendar.after(this.settings.get('events.deprovisionedDelaySeconds'), 'License Deprovisioned', () => {
      license.deprovisionedAt = this.clock.now();
      this.entitle(license, []);
      if (announce) {
        this.events.licenseDeprovisioned(agreement, license);
      }
    });
  }

  private close(agreement: Agreement, status: Agreement['status']): void {
    const now = this.clock.now();
    this.calendar.cancel(agreement.pending);
    agreement.status = status;
    agreement.endedAt = now;
    agreement.lastUpdateTime = now;
    // Never told of an end before the beginning.
    this.calendar.at(agreement.createdEventAt, 'Purchase Agreement Ended', () => this.events.ended(agreement));
  }

  private scheduleEnd(agreement: Agreement): void {
    this.calendar.cancel(agreement.pending);
    const { endTime } = agreement;
    if (endTime === undefined) {
      return;
    }
    for (const days of ENDING_NOTICES) {
      const time = endTime - days * DAY;
      if (time > this.clock.now()) {
        this.calendar.at(time, 'Purchase Agreement Ending', () => this.events.ending(agreement, days), agreement.pending);
      }
    }
    this.calendar.at(endTime, 'agreement reaches its end', () => {
      if (agreement.autoRenewal) {
        this.succeed(agreement, 'RENEW', {});
      } else {
        this.end(agreement, 'EXPIRED');
      }
    }, agreement.pending);
  }
}
