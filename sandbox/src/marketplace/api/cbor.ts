import type { HttpAnswer } from '../../gateway/aws-call';

const MAP_OF_2 = 0xa2;
const TEXT_16 = 0x79;

/** Some SDKs prefer `smithy-rpc-v2-cbor` for the entitlement service (docs/marketplace-facts.md#f-1-4). Refuses in the caller's own protocol, so that it shows the message. */
export function refuseCbor(requestId: string): HttpAnswer {
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
