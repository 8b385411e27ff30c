import type { Backups } from './backups';
import { DynamoDb } from './engine';
import { namedTimes } from './named-times';
import { Activity } from '../../clock/activity';
import { AwsError } from '../../errors';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';

/** A key `""` in JSON text. Inside a string its quotes would be escaped. */
const EMPTY_NAME = /[{,]\s*"":/;
const WRITES = /^(?:PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems)$/;

/** DynamoDB: the engine answers, but for what the embedded one takes and AWS does not. */
export class DynamoDbApi implements ApiHandler {
  constructor(
    private readonly engine: DynamoDb, private readonly backups: Backups, private readonly activity: Activity, private readonly now: () => number,
    private readonly onWrite: () => void,
  ) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    if (this.backups.serves(call.operation)) {
      return this.backups.handle(call);
    }
    const text = call.request.body.toString();
    if (EMPTY_NAME.test(text)) {
      throw new AwsError('ValidationException', 'Empty attribute name');
    }
    if (WRITES.test(call.operation)) {
      this.noteWrite(call, text);
    }
    const answer = await this.engine.forward(`DynamoDB_20120810.${call.operation}`, call.request.body);
    if (WRITES.test(call.operation)) {
      this.onWrite();
    }
    return answer;
  }

  /** At a time that an item names, something may be due. */
  private noteWrite(call: AwsCall, text: string): void {
    const now = this.now();
    this.activity.noteWrite(call.caller?.fn.arn, namedTimes(text).filter((time) => time > now));
  }
}
