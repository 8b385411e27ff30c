import type { SentEmail } from './email';
import { readEmail, V2_PATH } from './read-request';
import { AwsError } from '../../errors';
import { jsonAnswer, queryAnswer } from '../../gateway/answers';
import type { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import type { IdSequence } from '../../ids';
import type { Clock } from '../../ports';

const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';
const KEPT_EMAILS = 1_000;

export interface SesInput {
  readonly clock: Clock;
  readonly ids: IdSequence;
}

/** SES, both versions: takes emails, and shows them. */
export class SesApi implements ApiHandler {
  private sent: SentEmail[] = [];

  constructor(private readonly input: SesInput) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    const isV2 = call.request.path === V2_PATH && call.request.method === 'POST';
    if (!isV2 && !['SendEmail', 'SendRawEmail', 'SendTemplatedEmail'].includes(call.operation)) {
      throw new AwsError('InvalidAction', `the sandbox does not know ses:${call.operation || call.request.path}`);
    }
    const messageId = this.take(call);
    return isV2
      ? jsonAnswer({ MessageId: messageId }, 200, 'application/json')
      : queryAnswer(call.operation, NAMESPACE, `<MessageId>${messageId}</MessageId>`);
  }

  /** The last 1,000, in order. */
  emails(): readonly SentEmail[] {
    return [...this.sent];
  }

  clear(): void {
    this.sent = [];
  }

  private take(call: AwsCall): string {
    const { clock, ids } = this.input;
    const email = readEmail(call);
    const messageId = ids.next('email');
    const time = new Date(Math.floor(call.at ?? clock.now())).toISOString();
    this.sent.push({ time, messageId, function: call.caller?.fn.logicalId ?? null, ...email });
    this.sent = this.sent.slice(-KEPT_EMAILS);
    return messageId;
  }
}
