import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';

/** CloudWatch and its logs: what is sent is accepted and dropped. Metrics are read from what functions print. */
export class TelemetryApi implements ApiHandler {
  async handle({ request }: AwsCall): Promise<HttpAnswer> {
    if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') {
      return { status: 200, headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' }, body: Buffer.from([0xa0]) };
    }
    if (request.headers['content-type']?.includes('json')) {
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: '{}' };
    }
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: '<Response><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></Response>' };
  }
}
