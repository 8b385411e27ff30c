import type { FaultError } from '../../faults/fault';
import type { AwsCall, HttpAnswer } from '../../gateway/aws-call';
import type { ServiceName } from '../world/types';

/** A call of a Marketplace API: the gateway has authenticated and parsed it. */
export interface MarketplaceCall extends Pick<AwsCall, 'service' | 'operation' | 'region' | 'parameters' | 'malformed' | 'request'> {
  /** Account of the role that calls. Absent: the operator of the sandbox. */
  readonly account?: string;
  /** Monotonic milliseconds in the caller's own time, for throttling. */
  readonly at: number;
  /** An error to answer with. Its code `Unprocessed` hands records of BatchMeterUsage back unprocessed. */
  readonly fault?: FaultError;
}

/** 500 for server faults, 413 for size, 400 for all others: docs/marketplace-facts.md#f-6-5. */
const STATUS: Readonly<Record<string, number>> = {
  InternalServiceErrorException: 500,
  InternalServerException: 500,
  InternalFailure: 500,
  ServiceUnavailable: 503,
  ServiceUnavailableException: 503,
  RequestEntityTooLargeException: 413,
};

/** An answer other than 200: `type` is the exact exception name of the service's model. */
export class WireError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly members: Readonly<Record<string, unknown>> = {},
    readonly status = STATUS[type] ?? 400,
  ) {
    super(message);
    this.name = 'WireError';
  }
}

/** For what exists on AWS and not here, or cannot exist at all: AWS never answers so. */
export function unsupported(message: string): WireError {
  return new WireError('SandboxUnsupportedException', message);
}

interface Protocol {
  readonly contentType: string;
  /** Namespace of `__type`: docs/marketplace-facts.md#f-1-4. */
  readonly namespace: string;
}

const PROTOCOLS: Readonly<Record<ServiceName, Protocol>> = {
  metering: { contentType: 'application/x-amz-json-1.1', namespace: 'com.amazonaws.marketplacemetering' },
  entitlement: { contentType: 'application/x-amz-json-1.1', namespace: 'com.amazonaws.marketplaceentitlementservice' },
  agreement: { contentType: 'application/x-amz-json-1.0', namespace: 'com.amazonaws.marketplaceagreement' },
};

/** Undefined when the call names none of the Marketplace's APIs, or no operation. */
export function serviceOf({ service, operation }: MarketplaceCall): ServiceName | undefined {
  return Object.hasOwn(PROTOCOLS, service) && operation ? service as ServiceName : undefined;
}

/** @throws WireError SerializationException when the body is not a JSON object */
export function bodyOf({ parameters, malformed }: MarketplaceCall): Readonly<Record<string, unknown>> {
  if (malformed) {
    throw new WireError('SerializationException', `The request body is ${malformed}`);
  }
  return parameters;
}

export function success(service: ServiceName, requestId: string, output: unknown): HttpAnswer {
  return { status: 200, headers: headersOf(PROTOCOLS[service], requestId), body: JSON.stringify(output) };
}

export function failure(service: ServiceName | undefined, requestId: string, error: WireError): HttpAnswer {
  const protocol = PROTOCOLS[service ?? 'metering'];
  return {
    status: error.status,
    headers: { ...headersOf(protocol, requestId), 'x-amzn-errortype': error.type },
    body: JSON.stringify({ ...error.members, __type: `${protocol.namespace}#${error.type}`, message: error.message }),
  };
}

function headersOf(protocol: Protocol, requestId: string): Record<string, string> {
  return { 'content-type': protocol.contentType, 'x-amzn-requestid': requestId };
}
