import type { AgreementApi } from './agreement-api';
import type { BatchMeterUsage } from './batch-meter-usage';
import { isCbor, refuseCbor } from './cbor';
import { getEntitlements } from './get-entitlements';
import type { CallLog } from './metering-counts';
import { ENTITLEMENT_REGION, metersIn } from './regions';
import { resolveCustomer } from './resolve-customer';
import type { Sellers } from './seller-check';
import type { Throttle } from './throttle';
import { failure, parseBody, success, type Target, targetOf, unsupported, WireError } from './wire';
import type { VirtualClock, WireRequest, WireResponse } from '../../ports';
import type { Settings } from '../settings/settings';
import type { Ids } from '../world/ids';
import type { Book } from '../world/marketplace-state';
import { isoMilliseconds } from '../world/time';
import type { InjectedFault, ServiceName } from '../world/types';

export interface ApiParts {
  readonly clock: VirtualClock;
  readonly ids: Ids;
  readonly book: Book;
  readonly settings: Settings;
  readonly throttle: Throttle;
  readonly log: CallLog;
  readonly batchMeterUsage: BatchMeterUsage;
  readonly agreements: AgreementApi;
  readonly sellers: Sellers;
  readonly fault: (service: ServiceName, operation: string) => InjectedFault | undefined;
}

const UNPROCESSED = 'Unprocessed';

/** One door for the three APIs: routed on X-Amz-Target, throttled, disturbed if wanted, logged. */
export class Apis {
  constructor(private readonly parts: ApiParts) {}

  handle(request: WireRequest): WireResponse {
    const requestId = this.parts.ids.uuid('request');
    const target = targetOf(request);
    let response: WireResponse;
    let error: string | undefined;
    if (isCbor(request)) {
      response = refuseCbor(requestId);
      error = 'SandboxUnsupportedException';
    } else {
      try {
        response = success(known(target, request), requestId, this.run(known(target, request), request));
      } catch (thrown) {
        if (!(thrown instanceof WireError)) {
          throw thrown;
        }
        response = failure(target, requestId, thrown);
        error = thrown.type;
      }
    }
    this.parts.log.add({
      requestId,
      time: isoMilliseconds(this.parts.clock.now()),
      service: target?.service,
      operation: target?.operation ?? request.target,
      region: request.region,
      status: response.status,
      ...error && { error },
    });
    return response;
  }

  private run(target: Target, request: WireRequest): Record<string, unknown> {
    this.checkQuota(target, request.region);
    const fault = this.parts.fault(target.service, target.operation);
    if (fault && fault.error !== UNPROCESSED && !fault.after) {
      throw injected(fault);
    }
    const output = this.operate(target, request, fault);
    if (fault?.after) {
      throw injected(fault);
    }
    return output;
  }

  private checkQuota({ service, operation }: Target, region: string): void {
    const { settings, throttle } = this.parts;
    const metering = operation === 'BatchMeterUsage';
    if (!metering && operation !== 'GetEntitlements') {
      return;
    }
    if (!throttle.take(service, region, settings.get(metering ? 'metering.callsPerSecond' : 'entitlements.callsPerSecond'))) {
      throw new WireError('ThrottlingException', 'The calls to the API are throttled.');
    }
  }

  private operate(target: Target, request: WireRequest, fault?: InjectedFault): Record<string, unknown> {
    const { book, clock, settings, batchMeterUsage, agreements, sellers } = this.parts;
    const { service, operation } = target;
    const now = clock.now();
    if (service === 'agreement') {
      sellers.check(service, operation, request.account);
      return agreements.run(operation, parseBody(request), now);
    }
    checkRegion(service, request.region);
    sellers.check(service, operation, request.account);
    switch (operation) {
      case 'ResolveCustomer': return resolveCustomer(parseBody(request), book, clock, settings);
      case 'GetEntitlements': return getEntitlements(parseBody(request), book, settings);
      case 'BatchMeterUsage': return batchMeterUsage.run({
        body: parseBody(request),
        bytes: request.body.length,
        region: request.region,
        now,
        unprocessed: fault?.error === UNPROCESSED ? fault.count ?? Infinity : 0,
      });
      case 'MeterUsage':
      case 'RegisterUsage': throw unsupported(`${operation} is for AMIs and containers; SaaS products use BatchMeterUsage (facts 6.1)`);
      default: throw new WireError('UnknownOperationException', `There is no operation ${operation}`);
    }
  }
}

function checkRegion(service: ServiceName, region: string): void {
  if (service === 'entitlement' && region !== ENTITLEMENT_REGION) {
    throw unsupported(`GetEntitlements exists in ${ENTITLEMENT_REGION} only, not in ${region} (facts 5)`);
  }
  if (service === 'metering' && !metersIn(region)) {
    throw new WireError('DisabledApiException', `The API is disabled in the Region: ${region}`);
  }
}

function known(target: Target | undefined, request: WireRequest): Target {
  if (!target) {
    throw new WireError('UnknownOperationException',
      `X-Amz-Target '${request.target}' is none of AWS Marketplace's metering, entitlement or agreement API`);
  }
  return target;
}

function injected(fault: InjectedFault): WireError {
  return new WireError(fault.error, `${fault.error}, injected by the sandbox`);
}
