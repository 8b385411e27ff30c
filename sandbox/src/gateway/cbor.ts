import type { HttpRequest } from './aws-call';

/** Whether a request is of `smithy-rpc-v2-cbor`. */
export function isCbor({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  return headers['smithy-protocol'] !== undefined || headers['content-type'] === 'application/cbor';
}

/** The value of a body as the AWS SDK reads it. Its module is loaded when the first such body comes: few clients speak CBOR. */
export async function readCbor(body: Buffer): Promise<unknown> {
  const { cbor } = await import('@smithy/core/cbor');
  return cbor.deserialize(body);
}
