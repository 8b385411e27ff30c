import type { TopicModel } from './model';
import { type Published, TopicService } from './topic-service';
import { AwsError } from '../../errors';
import { CALL_EFFECTS, FaultEffect } from '../../faults/fault';
import { escapeXml, queryAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import type { MessageAttribute } from '../../ports';
import { Fauxqs } from '../fauxqs/fauxqs';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

type Form = Readonly<Record<string, string>>;

/** SNS over its query protocol. Publishing is ours, the rest is the engine's. */
export class SnsApi implements ApiHandler {
  constructor(private readonly topics: TopicService, private readonly engine: () => Fauxqs) {}

  effects({ operation }: AwsCall): readonly FaultEffect[] {
    return operation === 'Publish' || operation === 'PublishBatch' ? CALL_EFFECTS : [];
  }

  async handle(call: AwsCall): Promise<HttpAnswer> {
    const form = call.parameters as Form;
    if (call.operation === 'Publish') {
      return this.publish(call, form);
    }
    if (call.operation === 'PublishBatch') {
      return this.publishBatch(call, form);
    }
    const topic = form.TopicArn ? this.topics.find(form.TopicArn) : undefined;
    const answer = await this.engine().sns({ ...form, ...topic && { TopicArn: this.topics.engineArn(topic) } });
    return { status: answer.status, headers: { 'content-type': 'text/xml' }, body: answer.body };
  }

  private async publish(call: AwsCall, form: Form): Promise<HttpAnswer> {
    return queryAnswer('Publish', NAMESPACE, answerOf(await this.deliver(call, this.topic(form.TopicArn ?? form.TargetArn), form)));
  }

  private async publishBatch(call: AwsCall, form: Form): Promise<HttpAnswer> {
    const topic = this.topic(form.TopicArn);
    const members: string[] = [];
    for (let n = 1; form[`PublishBatchRequestEntries.member.${n}.Id`]; n++) {
      const entry = below(form, `PublishBatchRequestEntries.member.${n}.`);
      members.push(`<member><Id>${escapeXml(entry.Id)}</Id>${answerOf(await this.deliver(call, topic, entry))}</member>`);
    }
    return queryAnswer('PublishBatch', NAMESPACE, `<Successful>${members.join('')}</Successful><Failed/>`);
  }

  private topic(arn: string | undefined): TopicModel {
    const topic = this.topics.find(arn ?? '');
    if (!topic) {
      throw new AwsError('NotFound', 'Topic does not exist', 404);
    }
    return topic;
  }

  /** The engine says whether the message is valid: its topics have no subscriptions, so that nothing is sent twice. */
  private async deliver(call: AwsCall, topic: TopicModel, form: Form): Promise<Published> {
    const answer = await this.engine().sns({ ...form, Action: 'Publish', TopicArn: this.topics.engineArn(topic) });
    if (answer.status >= 300) {
      const [, code = 'InvalidParameter'] = /<Code>([^<]*)/.exec(answer.body.toString()) ?? [];
      const [, message = 'Invalid parameter'] = /<Message>([^<]*)/.exec(answer.body.toString()) ?? [];
      throw new AwsError(code, message, answer.status);
    }
    const notification = {
      message: form.Message,
      subject: form.Subject,
      attributes: attributesOf(form),
      groupId: form.MessageGroupId,
      deduplicationId: form.MessageDeduplicationId,
    };
    const { drop, duplicate, delayMillis } = call.effect;
    if (drop) {
      return this.topics.next(topic);
    }
    if (delayMillis !== undefined) {
      return this.topics.publishLater(topic, notification, delayMillis);
    }
    if (duplicate) {
      await this.topics.publish(topic, notification);
    }
    return this.topics.publish(topic, notification);
  }
}

function answerOf({ messageId, sequenceNumber }: Published): string {
  return `<MessageId>${messageId}</MessageId>${sequenceNumber === undefined ? '' : `<SequenceNumber>${sequenceNumber}</SequenceNumber>`}`;
}

function below(form: Form, prefix: string): Form {
  return Object.fromEntries(Object.entries(form).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]));
}

function attributesOf(form: Form): Record<string, MessageAttribute> | undefined {
  const attributes: Record<string, MessageAttribute> = {};
  for (let n = 1; form[`MessageAttributes.entry.${n}.Name`]; n++) {
    const entry = below(form, `MessageAttributes.entry.${n}.`);
    attributes[entry.Name] = { DataType: entry['Value.DataType'], StringValue: entry['Value.StringValue'], BinaryValue: entry['Value.BinaryValue'] };
  }
  return Object.keys(attributes).length > 0 ? attributes : undefined;
}
