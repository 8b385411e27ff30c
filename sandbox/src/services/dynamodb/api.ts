import { DynamoDb } from './engine';
import { AwsError } from '../../errors';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';

/** A key `""` in JSON text. Inside a string its quotes would be escaped. */
const EMPTY_NAME = /[{,]\s*"":/;

/** DynamoDB: the engine answers, but for what the embedded one takes and AWS does not. */
export class DynamoDbApi implements ApiHandler {
  constructor(private readonly engine: DynamoDb) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    if (EMPTY_NAME.test(call.request.body.toString())) {
      throw new AwsError('ValidationException', 'Empty attribute name');
    }
    return this.engine.forward(`DynamoDB_20120810.${call.operation}`, call.request.body);
  }
}
