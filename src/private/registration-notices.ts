import * as events from 'aws-cdk-lib/aws-events';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { domainEventPattern } from './event-patterns';
import { IntegrationContext } from './integration-context';
import { createDeadLetterQueue } from './queues';
import { invalidProp } from './validate';
import { DetailType } from '../names';
import { RegistrationNotice } from '../registration-notice';

/** EventBridge's limit for a rule. */
const MAX_TARGETS = 5;

/** Messages to the seller's team. */
export class RegistrationNotices extends Construct {
  /** Topics that get what buyers entered, from a function: an event has no personal data. */
  public readonly contactTopics: sns.ITopic[];

  public constructor(scope: Construct, id: string, context: IntegrationContext, notices: readonly RegistrationNotice[]) {
    super(scope, id);
    const { product, eventBus, alarms, encryptionKey } = context;
    let queue: sqs.Queue | undefined;
    const deadLetterQueue = () => queue ??= createDeadLetterQueue(this, 'DeadLetters', context);
    const topics: Partial<Record<string, sns.Topic>> = {};
    const emailTopic = (includeContact: boolean) => {
      const name = includeContact ? 'ContactTopic' : 'Topic';
      return topics[name] ??= new sns.Topic(this, name, { enforceSSL: true, masterKey: encryptionKey });
    };
    const bound = notices.map((notice) => notice._bind({ deadLetterQueue, emailTopic }));
    const distinct = bound.filter(({ key }, index) => bound.findIndex((other) => other.key === key) === index);
    const targets = distinct.flatMap(({ target }) => target ? [target] : []);
    if (targets.length > MAX_TARGETS) {
      throw invalidProp('registrationNotices', `${targets.length} topics and webhooks`,
        `give at most ${MAX_TARGETS}: all e-mail addresses together count as one, and what gets the contact does not count`);
    }
    this.contactTopics = distinct.flatMap(({ contactTopic }) => contactTopic ? [contactTopic] : []);
    if (targets.length > 0) {
      new events.Rule(this, 'Rule', {
        eventBus,
        description: 'Buyers who have registered, for the team',
        eventPattern: domainEventPattern(product.productCode, DetailType.BUYER_REGISTERED),
        targets,
      });
      alarms.addDeadLetters('RegistrationNoticesDeadLetters', deadLetterQueue(), 'Notices about registrations');
    }
  }
}
