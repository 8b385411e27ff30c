import { AwsCall, AwsError, AwsService, HttpAnswer } from '../gateway/aws-call';
import { DynamoDb } from './dynamodb/engine';
import { Fauxqs } from './fauxqs/fauxqs';

/** A key `""` in JSON text. Inside a string its quotes would be escaped. */
const EMPTY_NAME = /[{,]\s*"":/;

/** DynamoDB: the engine answers, but for what the embedded one takes and AWS does not. */
export class DynamoDbApi implements AwsService {
  constructor(private readonly engine: DynamoDb) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    if (EMPTY_NAME.test(call.request.body.toString())) {
      throw new AwsError('ValidationException', 'Empty attribute name');
    }
    return this.engine.forward(`DynamoDB_20120810.${call.operation}`, call.request.body);
  }
}

/** S3: the engine answers. */
export class S3Api implements AwsService {
  constructor(private readonly engine: () => Fauxqs) {}

  async handle({ request }: AwsCall): Promise<HttpAnswer> {
    const { host: _host, ...headers } = request.headers;
    const query = request.query.toString();
    const url = query ? `${request.path}?${query}` : request.path;
    return this.engine().request({ method: request.method, url, headers, body: request.body });
  }
}

/** CloudWatch and its logs: accepted, and forgotten. Metrics are read from what functions print. */
export class TelemetryApi implements AwsService {
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
