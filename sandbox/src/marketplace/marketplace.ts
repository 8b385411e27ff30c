import type { Agenda, EventSink, VirtualClock, WireRequest, WireResponse } from '../ports';
import { AgreementApi } from './api/agreement-api';
import { Apis } from './api/api-router';
import { BatchMeterUsage } from './api/batch-meter-usage';
import { entitlementsOf } from './api/get-entitlements';
import { CallLog, type LoggedCall } from './api/metering-counts';
import { Sellers } from './api/seller-check';
import { Throttle } from './api/throttle';
import { Settings, type SettingView } from './settings/settings';
import { AgreementActions } from './world/agreement-actions';
import { purchaseTerms } from './world/control-requests';
import { Findings } from './world/findings';
import { type PurchaseResult, setUpAccount } from './world/fulfillment';
import { Ids } from './world/ids';
import { Lifecycle } from './world/lifecycle';
import { Book } from './world/marketplace-state';
import { MeteringLedger } from './world/metering-ledger';
import { AgreementEvents } from './world/agreement-events';
import { agreementState } from './world/agreement-views';
import { Calendar } from './world/owned-timers';
import { isoMilliseconds } from './world/time';
import type { Finding, InjectedFault, MeteringRecord, ProductConfig, ServiceName } from './world/types';

export interface MarketplaceOptions {
  readonly clock: VirtualClock;
  readonly agenda: Agenda;
  /** Agreement events go to its `default` bus. */
  readonly events: EventSink;
  readonly products: readonly ProductConfig[];
  readonly sellerAccountId: string;
  /** Monotonic milliseconds that include real time, for throttling only. */
  readonly instant: () => number;
  readonly fault?: FaultHook;
}

/** Asked once for each call that was not throttled: what shall go wrong with it? */
export type FaultHook = (service: ServiceName, operation: string) => InjectedFault | undefined;

export interface MarketplaceState {
  readonly agreements: readonly Record<string, unknown>[];
  /** What Marketplace accepted, and bills. */
  readonly meteringRecords: readonly MeteringRecord[];
  /** Calls of BatchMeterUsage; `failed` are those that got another error than ThrottlingException. */
  readonly meteringCalls: { readonly total: number; readonly throttled: number; readonly failed: number };
  readonly entitlements: readonly Record<string, unknown>[];
}

/** AWS Marketplace as a SaaS seller meets it: all in memory, and the same every time. */
export class Marketplace {
  readonly settings: { list(): { settings: SettingView[] }; set(body: unknown): { settings: SettingView[] } };
  fault?: FaultHook;
  private readonly values = new Settings();
  private readonly ids = new Ids();
  private readonly log = new CallLog();
  private readonly found = new Findings();
  private readonly book: Book;
  private readonly calendar: Calendar;
  private readonly throttle: Throttle;
  private readonly ledger: MeteringLedger;
  private readonly lifecycle: Lifecycle;
  private readonly actions: AgreementActions;
  private readonly apis: Apis;

  constructor(private readonly options: MarketplaceOptions) {
    const { clock, agenda, events, products, sellerAccountId, instant } = options;
    this.settings = this.values;
    this.fault = options.fault;
    this.book = new Book(products);
    this.calendar = new Calendar(clock, agenda);
    this.throttle = new Throttle(instant);
    this.ledger = new MeteringLedger(this.values, this.found);
    const agreementEvents = new AgreementEvents(events, clock, this.ids, this.values, sellerAccountId);
    this.lifecycle = new Lifecycle(clock, this.calendar, this.book, this.ids, this.values, agreementEvents, sellerAccountId);
    this.actions = new AgreementActions(clock, this.book, this.ids, this.values, this.lifecycle, agreementEvents);
    this.apis = new Apis({
      clock,
      ids: this.ids,
      book: this.book,
      settings: this.values,
      throttle: this.throttle,
      log: this.log,
      batchMeterUsage: new BatchMeterUsage(this.book, this.ledger, this.values),
      agreements: new AgreementApi(this.book, this.values),
      sellers: new Sellers(products.map((product) => product.sellerAccountId ?? sellerAccountId), this.values, this.found),
      fault: (service, operation) => this.fault?.(service, operation),
    });
    this.noteLimits();
  }

  /** Answers a request to the metering, entitlement or agreement API. */
  handle(request: WireRequest): WireResponse {
    return this.apis.handle(request);
  }

  /**
   * A buyer accepts an offer and is sent to the fulfillment URL.
   * @throws ControlError when the body is wrong
   */
  purchase(body: unknown): PurchaseResult {
    const now = this.options.clock.now();
    const terms = purchaseTerms(body, this.book, now, this.options.sellerAccountId, () => this.ids.customerAwsAccountId());
    const agreement = this.lifecycle.purchase(terms);
    return setUpAccount(agreement, 'browser', now, this.book, this.ids, this.values);
  }

  /**
   * `amend`, `renew`, `replace`, `cancel`, `expire`, `terminate`, `token` (set up the account again), `suspend` and
   * `resume` (the buyer's AWS account), `advise` and `resolve-advisory`.
   * @throws ControlError when there is no such agreement or action, or the agreement is not in a state for it
   */
  agreement(agreementId: string, action: string, body: unknown): unknown {
    return this.actions.run(agreementId, action, body);
  }

  state(): MarketplaceState {
    const now = this.options.clock.now();
    return {
      agreements: [...this.book.agreements.values()].map((agreement) => (
        agreementState(agreement, now, this.book.suspended.has(agreement.customerAwsAccountId))
      )),
      meteringRecords: this.ledger.records(),
      meteringCalls: this.log.meteringCalls(),
      entitlements: entitlementsOf(this.book.licensesByArn.values()).map(([license, entitlement]) => ({
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

  /** The last 1,000 API calls, oldest first, without their bodies. */
  calls(): LoggedCall[] {
    return this.log.calls();
  }

  findings(): Finding[] {
    return this.found.list();
  }

  /** As freshly made, settings included. */
  reset(): void {
    for (const part of [this.calendar, this.book, this.ids, this.values, this.log, this.found, this.throttle, this.ledger]) {
      part.reset();
    }
    this.noteLimits();
  }

  private noteLimits(): void {
    for (const product of this.options.products) {
      if (product.agreementMode === 'LEGACY') {
        this.found.add('warning', 'SNS_NOT_EMULATED',
          `Product ${product.productCode} is a legacy one: the sandbox meters it, but sends no SNS notifications; it tells of agreements by EventBridge only`);
      }
    }
  }
}
