import type { WireRequest, WireResponse } from '../../ports';

const MAP_OF_2 = 0xa2;
const TEXT_16 = 0x79;

/** Some SDKs prefer `smithy-rpc-v2-cbor` for the entitlement service (facts 1.4). */
export function isCbor(request: WireRequest): boolean {
  return header(request, 'smithy-protocol') !== undefined || header(request, 'content-type') === 'application/cbor';
}

/** Refuses in the caller's own protocol, so that it shows the message. */
export function refuseCbor(requestId: string): WireResponse {
  const message = 'The sandbox speaks AWS JSON, not smithy-rpc-v2-cbor: set the client\'s protocol to AWS JSON 1.1';
  return {
    status: 415,
    headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor', 'x-amzn-requestid': requestId },
    body: Buffer.concat([
      Buffer.from([MAP_OF_2]),
      text('__type'), text('com.amazonaws.sandbox#SandboxUnsupportedException'),
      text('message'), text(message),
    ]),
  };
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  const head = Buffer.alloc(3);
  head.writeUInt8(TEXT_16, 0);
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function header(request: WireRequest, name: string): string | undefined {
  return Object.entries(request.headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
