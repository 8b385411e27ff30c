import type { HttpAnswer } from '../gateway/aws-call';
import type { Clock, EventSink, Timers } from '../ports';
import { AgreementApi } from './api/agreement-api';
import { ApiRouter } from './api/api-router';
import { BatchMeterUsage } from './api/batch-meter-usage';
import { entitlementsOf } from './api/get-entitlements';
import { type MeteringCalls, MeteringCounts } from './api/metering-counts';
import { SellerCheck } from './api/seller-check';
import { Throttle } from './api/throttle';
import type { MarketplaceCall } from './api/wire';
import { Settings, type SettingView } from './settings/settings';
import { AgreementActions } from './world/agreement-actions';
import { AgreementEvents } from './world/agreement-events';
import { agreementState } from './world/agreement-views';
import { purchaseTerms } from './world/control-requests';
import { Findings } from './world/findings';
import { type PurchaseResult, setUpAccount } from './world/fulfillment';
import { MarketplaceIds } from './world/ids';
import { Lifecycle } from './world/lifecycle';
import { MarketplaceState } from './world/marketplace-state';
import { MeteringLedger } from './world/metering-ledger';
import { MarketplaceNotifications, type NotificationSink } from './world/notifications';
import { OwnedTimers } from './world/owned-timers';
import { isoMilliseconds } from './world/time';
import type { Finding, MeteringRecord, ProductConfig } from './world/types';

export interface MarketplaceOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Agreement events go to its `default` bus. */
  readonly events: EventSink;
  /** Receives what legacy products publish. */
  readonly notifications: NotificationSink;
  readonly products: readonly ProductConfig[];
  readonly sellerAccountId: string;
  /** Default: its own. */
  readonly settings?: Settings;
  /** Default: its own. */
  readonly findings?: Findings;
}

export interface MarketplaceView {
  readonly agreements: readonly Record<string, unknown>[];
  /** What Marketplace accepted, and bills. */
  readonly meteringRecords: readonly MeteringRecord[];
  /** Calls of BatchMeterUsage. */
  readonly meteringCalls: MeteringCalls;
  readonly entitlements: readonly Record<string, unknown>[];
}

/** AWS Marketplace as a SaaS seller meets it: all in memory, and the same every time. */
export class Marketplace {
  readonly settings: { list(): { settings: SettingView[] }; set(body: unknown): { settings: SettingView[] } };
  private readonly values: Settings;
  private readonly ids = new MarketplaceIds();
  private readonly counts = new MeteringCounts();
  private readonly found: Findings;
  private readonly current: MarketplaceState;
  private readonly ownedTimers: OwnedTimers;
  private readonly throttle: Throttle;
  private readonly ledger: MeteringLedger;
  private readonly lifecycle: Lifecycle;
  private readonly actions: AgreementActions;
  private readonly router: ApiRouter;

  constructor(private readonly options: MarketplaceOptions) {
    const { clock, timers, events, products, sellerAccountId } = options;
    this.values = options.settings ?? new Settings();
    this.settings = this.values;
    this.found = options.findings ?? new Findings();
    this.current = new MarketplaceState(products);
    this.ownedTimers = new OwnedTimers(clock, timers);
    this.throttle = new Throttle();
    this.ledger = new MeteringLedger(this.values, this.found);
    const agreementEvents = new AgreementEvents(events, clock, this.ids, this.values, sellerAccountId);
    this.lifecycle = new Lifecycle(clock, this.ownedTimers, this.current, this.ids, this.values, agreementEvents,
      new MarketplaceNotifications(options.notifications), sellerAccountId);
    this.actions = new AgreementActions(clock, this.current, this.ids, this.values, this.lifecycle, agreementEvents);
    this.router = new ApiRouter({
      clock,
      ids: this.ids,
      state: this.current,
      settings: this.values,
      throttle: this.throttle,
      counts: this.counts,
      batchMeterUsage: new BatchMeterUsage(this.current, this.ledger, this.values),
      agreements: new AgreementApi(this.current, this.values),
      sellerCheck: new SellerCheck(products.map((product) => product.sellerAccountId ?? sellerAccountId), this.values, this.found),
    });
  }

  /** Answers a request to the metering, entitlement or agreement API. */
  handle(call: MarketplaceCall): HttpAnswer {
    return this.router.handle(call);
  }

  /**
   * A buyer accepts an offer and is sent to the fulfillment URL.
   * @throws ControlError when the body is wrong
   */
  purchase(body: unknown): PurchaseResult {
    const now = this.options.clock.now();
    const terms = purchaseTerms(body, this.current, now, this.options.sellerAccountId, () => this.ids.customerAwsAccountId());
    const agreement = this.lifecycle.purchase(terms);
    return setUpAccount(agreement, 'browser', now, this.current, this.ids, this.values);
  }

  /**
   * `amend`, `renew`, `replace`, `cancel`, `expire`, `terminate`, `token` (set up the account again), `suspend` and
   * `resume` (the buyer's AWS account), `advise` and `resolve-advisory`.
   * @throws ControlError when there is no such agreement or action, or the agreement is not in a state for it
   */
  agreement(agreementId: string, action: string, body: unknown): unknown {
    return this.actions.run(agreementId, action, body);
  }

  state(): MarketplaceView {
    const now = this.options.clock.now();
    return {
      agreements: [...this.current.agreements.values()].map((agreement) => (
        agreementState(agreement, now, this.current.suspended.has(agreement.customerAwsAccountId))
      )),
      meteringRecords: this.ledger.records(),
      meteringCalls: this.counts.calls(),
      entitlements: entitlementsOf(this.current.licensesByArn.values()).map(([license, entitlement]) => ({
        productCode: license.product.productCode,
        licenseId: license.licenseId,
        licenseArn: license.licenseArn,
        customerAwsAccountId: license.customerAwsAccountId,
        dimension: entitlement.dimension,
        value: entitlement.value,
        expirationDate: isoMilliseconds(entitlement.expirationDate),
      })),
    };
  }

  findings(): Finding[] {
    return this.found.list();
  }

  /** As freshly made, settings included. */
  reset(): void {
    for (const part of [this.ownedTimers, this.current, this.ids, this.values, this.counts, this.found, this.throttle, this.ledger]) {
      part.reset();
    }
  }
}
