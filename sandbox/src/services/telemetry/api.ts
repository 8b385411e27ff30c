import { type MetricDatum, metricData } from './metric-data';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';

/** CloudWatch and its logs: what is measured counts; logs, and all else that is sent, are accepted and dropped. */
export class TelemetryApi implements ApiHandler {
  constructor(private readonly onMetric: (datum: MetricDatum) => void) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    if (call.operation === 'PutMetricData') {
      (await metricData(call)).forEach(this.onMetric);
    }
    return accepted(call);
  }
}

function accepted({ format, request }: AwsCall): HttpAnswer {
  if (format === 'cbor') {
    return { status: 200, headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' }, body: Buffer.from([0xa0]) };
  }
  if (request.headers['content-type']?.includes('json')) {
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: '{}' };
  }
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: '<Response><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></Response>' };
}
