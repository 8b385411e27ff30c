import { type MarketplaceIds, productIdOf } from './ids';
import { ENDLESS, isoMilliseconds, isoSeconds } from './time';
import type { Agreement, License } from './types';
import type { EventSink, Clock } from '../../ports';
import type { Settings } from '../settings/settings';

const SOURCE = 'aws.agreement-marketplace';
/** The only region Marketplace sends events to: docs/marketplace-facts.md#f-3-1. */
const REGION = 'us-east-1';
const LICENSE_ISSUER = '294406891311';
const SELLER_NAME = 'Sandbox Seller';

/** Sends events to the seller's default bus. Their shapes: docs/marketplace-facts.md#f-3-4 and docs/marketplace-facts.md#f-3-5. */
export class AgreementEvents {
  constructor(
    private readonly sink: EventSink,
    private readonly clock: Clock,
    private readonly ids: MarketplaceIds,
    private readonly settings: Settings,
    private readonly sellerAccountId: string,
  ) {}

  created(agreement: Agreement): void {
    const successor = agreement.previousAgreementId !== undefined && !agreement.resaleAuthorizationId;
    this.put(this.role('Purchase Agreement Created', agreement), agreement, {
      agreement: {
        ...this.terms(agreement, agreement.intent, agreement.acceptanceTime),
        ...successor && { previousAgreementId: agreement.previousAgreementId },
      },
      ...successor ? { product: this.titledProduct(agreement) } : this.resale(agreement),
      acceptor: acceptor(agreement),
      proposer: successor ? this.namedProposer(agreement) : proposer(agreement),
      offer: this.offer(agreement),
    });
  }

  amended(agreement: Agreement, acceptanceTime: number): void {
    const direct = !agreement.resaleAuthorizationId;
    this.put(this.role('Purchase Agreement Amended', agreement), agreement, {
      agreement: {
        ...this.terms(agreement, 'AMEND', acceptanceTime),
        ...direct && { autoRenewalEnabled: agreement.autoRenewal },
      },
      ...direct && { renewalSummary: renewalSummary(agreement), product: this.titledProduct(agreement) },
      ...this.resale(agreement),
      acceptor: acceptor(agreement),
      proposer: proposer(agreement),
      offer: this.offer(agreement),
    });
  }

  ended(agreement: Agreement): void {
    this.put(this.role('Purchase Agreement Ended', agreement), agreement, {
      agreement: { id: agreement.agreementId, status: agreement.status },
      ...this.resale(agreement),
      acceptor: acceptor(agreement),
      proposer: proposer(agreement),
      ...this.settings.get('events.endedOffer') && { offer: this.offer(agreement) },
    });
  }

  /** Goes to the proposer only, who is a channel partner where one resells: docs/marketplace-facts.md#f-3-3. */
  ending(agreement: Agreement, daysBeforeEndTime: number): void {
    if (agreement.resaleAuthorizationId) {
      return;
    }
    this.put('Purchase Agreement Ending - Proposer', agreement, {
      agreement: {
        id: agreement.agreementId,
        startTime: this.time(agreement.startTime),
        endTime: this.time(agreement.endTime),
        status: agreement.status,
        daysBeforeEndTime,
        autoRenewalEnabled: agreement.autoRenewal,
      },
      renewalSummary: renewalSummary(agreement),
      product: this.titledProduct(agreement),
      acceptor: acceptor(agreement),
      proposer: this.namedProposer(agreement),
      offer: this.offer(agreement),
    });
  }

  licenseUpdated(agreement: Agreement): void {
    this.license('License Updated - Manufacturer', agreement, agreement.license);
  }

  licenseDeprovisioned(agreement: Agreement, license: License): void {
    this.license('License Deprovisioned - Manufacturer', agreement, license);
  }

  advisory(agreement: Agreement, kind: 'Issued' | 'Resolved'): void {
    const at = isoSeconds(this.clock.now());
    this.put(`Purchase Agreement Advisory ${kind} - Manufacturer`, agreement, {
      agreement: { id: agreement.agreementId },
      product: { id: productIdOf(agreement.product.productCode) },
      acceptor: acceptor(agreement),
      proposer: proposer(agreement),
      offer: this.offer(agreement),
      advisory: kind === 'Issued' ? { issuedAt: at } : { resolvedAt: at },
    });
  }

  private license(detailType: string, agreement: Agreement, license: License): void {
    const documented = this.settings.get('events.licenseArn') === 'documented';
    this.put(detailType, agreement, {
      agreement: { id: agreement.agreementId },
      product: { code: agreement.product.productCode, id: productIdOf(agreement.product.productCode) },
      license: { arn: documented ? `aws:license-manager:${REGION}:${LICENSE_ISSUER}:${license.licenseId}` : license.licenseArn },
      acceptor: acceptor(agreement),
      proposer: proposer(agreement),
      offer: this.offer(agreement),
    });
  }

  private put(detailType: string, agreement: Agreement, detail: Record<string, unknown>): void {
    this.sink.put('default', {
      'version': '0',
      'id': this.ids.uuid('event'),
      'detail-type': detailType,
      'source': SOURCE,
      'account': agreement.product.sellerAccountId ?? this.sellerAccountId,
      'time': isoSeconds(this.clock.now()),
      'region': REGION,
      'resources': [`arn:aws:aws-marketplace::aws:agreement:${agreement.agreementId}`],
      'detail': { requestId: this.ids.uuid('event request'), catalog: 'AWSMarketplace', ...detail },
    });
  }

  private role(event: string, agreement: Agreement): string {
    return `${event} - ${agreement.resaleAuthorizationId ? 'Manufacturer' : 'Proposer'}`;
  }

  private terms(agreement: Agreement, intent: string, acceptanceTime: number): Record<string, unknown> {
    return {
      id: agreement.agreementId,
      intent,
      status: 'ACTIVE',
      acceptanceTime: this.time(acceptanceTime),
      startTime: this.time(agreement.startTime),
      endTime: this.time(agreement.endTime),
    };
  }

  private time(time: number | undefined): string {
    if (time === undefined) {
      return ENDLESS;
    }
    return this.settings.get('events.timePrecision') === 'milliseconds' ? isoMilliseconds(time) : isoSeconds(time);
  }

  private offer(agreement: Agreement): { id: string } {
    return { id: this.settings.get('events.offerId') === 'bare' ? agreement.offerId.replace('offer-', '') : agreement.offerId };
  }

  private resale(agreement: Agreement): { resaleAuthorization: { id: string | null } } {
    return { resaleAuthorization: { id: agreement.resaleAuthorizationId ?? null } };
  }

  private titledProduct(agreement: Agreement): { id: string; title: string } {
    return { id: productIdOf(agreement.product.productCode), title: `Product ${agreement.product.productCode}` };
  }

  private namedProposer(agreement: Agreement): { name: string; accountId: string } {
    return { name: SELLER_NAME, accountId: agreement.proposerAccountId };
  }
}

export function licenseArnOf(licenseId: string): string {
  return `arn:aws:license-manager::${LICENSE_ISSUER}:license:${licenseId}`;
}

function acceptor(agreement: Agreement): { accountId: string } {
  return { accountId: agreement.customerAwsAccountId };
}

function proposer(agreement: Agreement): { accountId: string } {
  return { accountId: agreement.proposerAccountId };
}

function renewalSummary(agreement: Agreement): Record<string, unknown> {
  return { lockoutStartTime: null, disabledBy: agreement.autoRenewal ? null : 'ACCEPTOR' };
}
