import type { AgreementApi } from './agreement-api';
import type { BatchMeterUsage } from './batch-meter-usage';
import { refuseCbor } from './cbor';
import { getEntitlements } from './get-entitlements';
import type { MeteringCounts } from './metering-counts';
import { ENTITLEMENT_REGION, metersIn } from './regions';
import { resolveCustomer } from './resolve-customer';
import type { SellerCheck } from './seller-check';
import type { Throttle } from './throttle';
import { bodyOf, failure, type MarketplaceCall, serviceOf, success, unsupported, WireError } from './wire';
import { factUrl } from '../../facts';
import type { HttpAnswer } from '../../gateway/aws-call';
import { isCbor } from '../../gateway/cbor';
import type { Clock } from '../../ports';
import type { Settings } from '../settings/settings';
import type { MarketplaceIds } from '../world/ids';
import type { MarketplaceState } from '../world/marketplace-state';
import type { ServiceName } from '../world/types';

export interface ApiParts {
  readonly clock: Clock;
  readonly ids: MarketplaceIds;
  readonly state: MarketplaceState;
  readonly settings: Settings;
  readonly throttle: Throttle;
  readonly counts: MeteringCounts;
  readonly batchMeterUsage: BatchMeterUsage;
  readonly agreements: AgreementApi;
  readonly sellerCheck: SellerCheck;
}

const UNPROCESSED = 'Unprocessed';

/** The three APIs: a call is throttled, fails if a fault says so, and goes to its operation. */
export class ApiRouter {
  constructor(private readonly parts: ApiParts) {}

  handle(call: MarketplaceCall): HttpAnswer {
    const requestId = this.parts.ids.uuid('request');
    if (isCbor(call.request)) {
      return refuseCbor(requestId);
    }
    const service = serviceOf(call);
    try {
      const output = this.run(known(service, call), call);
      this.parts.counts.add(call.operation);
      return success(known(service, call), requestId, output);
    } catch (thrown) {
      if (!(thrown instanceof WireError)) {
        throw thrown;
      }
      this.parts.counts.add(call.operation, thrown.type);
      return failure(service, requestId, thrown);
    }
  }

  private run(service: ServiceName, call: MarketplaceCall): Record<string, unknown> {
    const { fault } = call;
    this.checkQuota(service, call);
    const error = fault && fault.code !== UNPROCESSED ? new WireError(fault.code, fault.message, {}, fault.status) : undefined;
    if (error && !fault?.after) {
      throw error;
    }
    const output = this.operate(service, call);
    if (error) {
      throw error;
    }
    return output;
  }

  private checkQuota(service: ServiceName, { operation, region, at }: MarketplaceCall): void {
    const { settings, throttle } = this.parts;
    const metering = operation === 'BatchMeterUsage';
    if (!metering && operation !== 'GetEntitlements') {
      return;
    }
    if (!throttle.take(service, region, settings.get(metering ? 'metering.callsPerSecond' : 'entitlements.callsPerSecond'), at)) {
      throw new WireError('ThrottlingException', 'The calls to the API are throttled.');
    }
  }

  private operate(service: ServiceName, call: MarketplaceCall): Record<string, unknown> {
    const { state, clock, settings, batchMeterUsage, agreements, sellerCheck } = this.parts;
    const { operation, region, account, fault, request } = call;
    const now = clock.now();
    if (service === 'agreement') {
      sellerCheck.check(service, operation, account);
      return agreements.run(operation, bodyOf(call), now);
    }
    checkRegion(service, region);
    sellerCheck.check(service, operation, account);
    switch (operation) {
      case 'ResolveCustomer': return resolveCustomer(bodyOf(call), state, clock, settings);
      case 'GetEntitlements': return getEntitlements(bodyOf(call), state, settings);
      case 'BatchMeterUsage': return batchMeterUsage.run({
        body: bodyOf(call),
        bytes: request.body.length,
        region,
        now,
        unprocessed: fault?.code === UNPROCESSED ? fault.count ?? Infinity : 0,
      });
      case 'MeterUsage':
      case 'RegisterUsage': throw unsupported(`${operation} is for AMIs and containers; SaaS products use BatchMeterUsage: ${factUrl('6.1')}`);
      default: throw new WireError('UnknownOperationException', `There is no operation ${operation}`);
    }
  }
}

function checkRegion(service: ServiceName, region: string): void {
  if (service === 'entitlement' && region !== ENTITLEMENT_REGION) {
    throw unsupported(`GetEntitlements exists in ${ENTITLEMENT_REGION} only, not in ${region}: ${factUrl('5')}`);
  }
  if (service === 'metering' && !metersIn(region)) {
    throw new WireError('DisabledApiException', `The API is disabled in the Region: ${region}`);
  }
}

function known(service: ServiceName | undefined, { request }: MarketplaceCall): ServiceName {
  if (!service) {
    throw new WireError('UnknownOperationException',
      `X-Amz-Target '${request.headers['x-amz-target'] ?? ''}' is none of AWS Marketplace's metering, entitlement or agreement API`);
  }
  return service;
}
