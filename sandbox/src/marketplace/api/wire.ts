import type { WireRequest, WireResponse } from '../../ports';
import type { ServiceName } from '../world/types';

/** An answer other than 200: `type` is the exact exception name of the service's model. */
export class WireError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'WireError';
  }
}

/** For what exists on AWS and not here, or cannot exist at all: never to be confused with an answer of AWS. */
export function unsupported(message: string): WireError {
  return new WireError('SandboxUnsupportedException', message);
}

interface Protocol {
  readonly service: ServiceName;
  readonly contentType: string;
  /** Namespace of `__type` (facts 1.4). */
  readonly namespace: string;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  AWSMPMeteringService: {
    service: 'metering', contentType: 'application/x-amz-json-1.1', namespace: 'com.amazonaws.marketplacemetering',
  },
  AWSMPEntitlementService: {
    service: 'entitlement', contentType: 'application/x-amz-json-1.1', namespace: 'com.amazonaws.marketplaceentitlementservice',
  },
  AWSMPCommerceService_v20200301: {
    service: 'agreement', contentType: 'application/x-amz-json-1.0', namespace: 'com.amazonaws.marketplaceagreement',
  },
};

const FALLBACK: Protocol = PROTOCOLS.AWSMPMeteringService;

/** 500 for server faults, 413 for size, 400 for all others (facts 6.5). */
const STATUS: Readonly<Record<string, number>> = {
  InternalServiceErrorException: 500,
  InternalServerException: 500,
  InternalFailure: 500,
  ServiceUnavailable: 503,
  ServiceUnavailableException: 503,
  RequestEntityTooLargeException: 413,
};

export interface Target {
  readonly service: ServiceName;
  readonly operation: string;
  readonly protocol: Protocol;
}

export function targetOf(request: WireRequest): Target | undefined {
  const [prefix, operation] = request.target.split('.');
  const protocol = Object.hasOwn(PROTOCOLS, prefix) ? PROTOCOLS[prefix] : undefined;
  return protocol && operation ? { service: protocol.service, operation, protocol } : undefined;
}

/** @throws WireError SerializationException when the body is not a JSON object */
export function parseBody(request: WireRequest): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8') || '{}');
  } catch {
    throw new WireError('SerializationException', 'The request body is not JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new WireError('SerializationException', 'The request body is not a JSON object');
  }
  return body as Record<string, unknown>;
}

export function success(target: Target, requestId: string, output: unknown): WireResponse {
  return { status: 200, headers: headersOf(target.protocol, requestId), body: JSON.stringify(output) };
}

export function failure(target: Target | undefined, requestId: string, error: WireError): WireResponse {
  const protocol = target?.protocol ?? FALLBACK;
  return {
    status: STATUS[error.type] ?? 400,
    headers: { ...headersOf(protocol, requestId), 'x-amzn-errortype': error.type },
    body: JSON.stringify({ ...error.members, __type: `${protocol.namespace}#${error.type}`, message: error.message }),
  };
}

function headersOf(protocol: Protocol, requestId: string): Record<string, string> {
  return { 'content-type': protocol.contentType, 'x-amzn-requestid': requestId };
}
