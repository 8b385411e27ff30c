import type { MessageAttribute } from '../../ports';

export interface PublishedNotification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly time: string;
  readonly message: string;
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

const UNSIGNED = {
  SignatureVersion: '1',
  Signature: 'EXAMPLE',
};

function attributesOf(attributes: Readonly<Record<string, MessageAttribute>> | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes ?? {})
    .map(([name, value]) => [name, { Type: value.DataType, Value: value.StringValue ?? value.BinaryValue }]));
}

/** What a queue gets without raw message delivery. */
export function queueNotification(sent: PublishedNotification): Record<string, unknown> {
  return {
    Type: 'Notification',
    MessageId: sent.messageId,
    TopicArn: sent.topicArn,
    ...sent.subject !== undefined && { Subject: sent.subject },
    Message: sent.message,
    Timestamp: sent.time,
    ...UNSIGNED,
    SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem',
    UnsubscribeURL: 'https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe',
    ...sent.attributes && { MessageAttributes: attributesOf(sent.attributes) },
  };
}

/** What a function gets. */
export function functionNotification(sent: PublishedNotification): Record<string, unknown> {
  return {
    Records: [{
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: `${sent.topicArn}:sandbox`,
      Sns: {
        Type: 'Notification',
        MessageId: sent.messageId,
        TopicArn: sent.topicArn,
        Subject: sent.subject ?? null,
        Message: sent.message,
        Timestamp: sent.time,
        ...UNSIGNED,
        SigningCertUrl: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem',
        UnsubscribeUrl: 'https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe',
        MessageAttributes: attributesOf(sent.attributes),
      },
    }],
  };
}
