import { type AgreementEvents, licenseArnOf } from './agreement-events';
import type { MarketplaceIds } from './ids';
import type { MarketplaceState } from './marketplace-state';
import type { MarketplaceNotifications } from './notifications';
import type { OwnedTimers } from './owned-timers';
import { DAY, HOUR, SECOND } from './time';
import type { Agreement, EndReason, Entitlement, License, ProductConfig, Quantities } from './types';
import type { Clock } from '../../ports';
import type { Settings } from '../settings/settings';

/** Days before the end at which a notice goes to the seller: docs/marketplace-facts.md#f-9. */
const ENDING_NOTICES = [180, 120, 90, 60, 30];

export interface PurchaseTerms {
  readonly product: ProductConfig;
  readonly customerAwsAccountId: string;
  readonly freeTrial: boolean;
  readonly dimensions: readonly string[];
  readonly quantities: Quantities;
  readonly startTime: number;
  readonly endTime?: number;
  readonly autoRenewal: boolean;
  readonly channelPartnerAccountId?: string;
}

export interface ChangedTerms {
  readonly dimensions?: readonly string[];
  readonly quantities?: Quantities;
  readonly endTime?: number;
  readonly autoRenewal?: boolean;
}

/** What happens to agreements and their licenses, and when events say so. */
export class Lifecycle {
  constructor(
    private readonly clock: Clock,
    private readonly timers: OwnedTimers,
    private readonly state: MarketplaceState,
    private readonly ids: MarketplaceIds,
    private readonly settings: Settings,
    private readonly events: AgreementEvents,
    private readonly notifications: MarketplaceNotifications,
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
      dimensions: terms.dimensions,
      quantities: terms.quantities,
    });
  }

  /** More or fewer units, another end: same agreement, another offer. */
  amend(agreement: Agreement, changed: ChangedTerms): void {
    const now = this.clock.now();
    agreement.offerId = this.ids.offerId();
    agreement.dimensions = changed.dimensions ?? agreement.dimensions;
    agreement.quantities = changed.quantities ?? agreement.quantities;
    agreement.endTime = changed.endTime ?? agreement.endTime;
    agreement.autoRenewal = changed.autoRenewal ?? agreement.autoRenewal;
    agreement.lastUpdateTime = now;
    this.scheduleEnd(agreement);
    this.timers.after(this.settings.get('events.createdDelaySeconds'), 'Purchase Agreement Amended', () => this.events.amended(agreement, now));
    const onlyRenewal = changed.autoRenewal !== undefined
      && [changed.quantities, changed.dimensions, changed.endTime].every((value) => value === undefined);
    // Before the start nothing is provisioned: what the start provisions is what the agreement says by then.
    if (!onlyRenewal && agreement.startTime <= now) {
      this.provisionAfter(agreement, now);
    }
  }

  /** A new agreement replaces `old` now; whether it keeps the license is a setting: docs/marketplace-facts.md#f-2-4. */
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
      dimensions: changed.dimensions ?? old.dimensions,
      quantities: changed.quantities ?? old.quantities,
    });
  }

  end(agreement: Agreement, reason: EndReason): void {
    this.close(agreement, reason);
    this.endLicense(agreement.license);
    agreement.license.entitlements = [];
    this.notifyOfEnd(agreement);
    this.deprovisionAfter(agreement, true);
  }

  /** A buyer who subscribes again within the final hour gets no final notice: docs/marketplace-facts.md#f-4. */
  private notifyOfEnd(agreement: Agreement): void {
    const { license, product, customerAwsAccountId } = agreement;
    if (license.activeAt === undefined) {
      this.notifications.failed(agreement);
      return;
    }
    this.notifications.ending(agreement);
    this.timers.at(this.clock.now() + HOUR, 'unsubscribe-success', () => {
      const licenses = this.state.licensesOf(product.productCode, customerAwsAccountId);
      if (licenses.every(({ endedAt }) => endedAt !== undefined)) {
        this.notifications.ended(agreement);
      }
    });
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
    this.state.agreements.set(agreement.agreementId, agreement);
    this.timers.at(agreement.createdEventAt, 'Purchase Agreement Created', () => this.events.created(agreement));
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
      pendingEntitlements: new Set(),
    };
    this.state.addLicense(license);
    return license;
  }

  private provisionAfter(agreement: Agreement, since: number): void {
    const time = since + this.settings.get('events.licenseUpdatedDelaySeconds') * SECOND;
    this.timers.at(time, 'License Updated', () => {
      const now = this.clock.now();
      if (agreement.status !== 'ACTIVE') {
        return;
      }
      agreement.license.activeAt ??= now;
      this.entitle(agreement.license, Object.entries(agreement.quantities).map(([dimension, value]) => ({
        dimension, value, expirationDate: agreement.endTime ?? Date.UTC(9999, 0, 1),
      })));
      this.events.licenseUpdated(agreement);
      this.notifications.subscribed(agreement);
    });
  }

  /** GetEntitlements shows the change when the delay is over. */
  private entitle(license: License, entitlements: readonly Entitlement[]): void {
    this.timers.cancel(license.pendingEntitlements);
    this.timers.after(this.settings.get('entitlements.delaySeconds'), 'GetEntitlements shows a change', () => {
      license.entitlements = entitlements;
    }, license.pendingEntitlements);
  }

  private endLicense(license: License): void {
    license.endedAt = this.clock.now();
    this.timers.cancel(license.pendingEntitlements);
  }

  private deprovisionAfter(agreement: Agreement, announce: boolean): void {
    const { license } = agreement;
    if (license.activeAt === undefined) {
      // It was never provisioned: there is no event.
      license.deprovisionedAt = this.clock.now();
      return;
    }
    this.timers.after(this.settings.get('events.deprovisionedDelaySeconds'), 'License Deprovisioned', () => {
      license.deprovisionedAt = this.clock.now();
      this.entitle(license, []);
      if (announce) {
        this.events.licenseDeprovisioned(agreement, license);
      }
    });
  }

  private close(agreement: Agreement, status: Agreement['status']): void {
    const now = this.clock.now();
    this.timers.cancel(agreement.pending);
    agreement.status = status;
    agreement.endedAt = now;
    agreement.lastUpdateTime = now;
    // The event of the end never precedes that of the beginning.
    this.timers.at(agreement.createdEventAt, 'Purchase Agreement Ended', () => this.events.ended(agreement));
  }

  private scheduleEnd(agreement: Agreement): void {
    this.timers.cancel(agreement.pending);
    const { endTime } = agreement;
    if (endTime === undefined) {
      return;
    }
    for (const days of ENDING_NOTICES) {
      const time = endTime - days * DAY;
      if (time > this.clock.now()) {
        this.timers.at(time, 'Purchase Agreement Ending', () => this.events.ending(agreement, days), agreement.pending);
      }
    }
    this.timers.at(endTime, 'agreement reaches its end', () => {
      if (agreement.autoRenewal) {
        this.succeed(agreement, 'RENEW', {});
      } else {
        this.end(agreement, 'EXPIRED');
      }
    }, agreement.pending);
  }
}
