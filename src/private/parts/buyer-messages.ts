import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { DetailType, Env, RegistrationIndex } from '../../names';
import { Registration } from '../../registration';
import { domainEventPattern } from '../event-patterns';
import { splitByTokens } from '../handler-code';
import { HandlerFunction } from '../handler-function';
import { IntegrationContext } from '../integration-context';
import { createDeadLetterQueue } from '../queues';
import { grantTable } from '../tables';

/** What the seller chose for this part. */
export interface BuyerMessagesChoices {
  readonly registration: Registration;
  /** The fulfillment URL, to which links in e-mails lead. */
  readonly registrationUrl: string;
  /** Topics that get what buyers entered. */
  readonly contactTopics: sns.ITopic[];
}

/**
 * Writes to buyers, and to the team about them, what has personal data. A function of its own, with the only permission to send e-mails: it
 * follows events, so no registration waits for it or fails by it.
 */
export class BuyerMessagesPart extends Construct {
  /** Whether these choices need it. */
  public static isNeeded({ registration, contactTopics }: Pick<BuyerMessagesChoices, 'registration' | 'contactTopics'>): boolean {
    return registration._welcomeEmail() !== undefined || contactTopics.length > 0;
  }

  public readonly handler: HandlerFunction;

  public constructor(scope: Construct, id: string, context: IntegrationContext, choices: BuyerMessagesChoices) {
    super(scope, id);
    const { registration, registrationUrl, contactTopics } = choices;
    const { tables, alarms, encryptionKey, eventBus, product } = context;
    const deadLetters = createDeadLetterQueue(this, 'DeadLetters', context);
    const { known, tokens } = splitByTokens(registration._config());
    const welcomeEmail = registration._welcomeEmail();
    const configurationSet = welcomeEmail?._configurationSetName();
    const stack = Stack.of(this);
    this.handler = new HandlerFunction(this, 'Handler', context, {
      asset: 'buyer-messages',
      description: 'Writes to buyers who have registered, and to the team about them',
      timeout: Duration.minutes(1),
      deadLetters,
      isApart: true,
      environment: {
        [Env.INTEGRATION_ID]: context.integrationId,
        [Env.REGISTRATIONS_TABLE]: tables.registrations.tableName,
        [Env.REGISTRATION_URL]: registrationUrl,
        ...contactTopics.length > 0 && { [Env.CONTACT_TOPICS]: stack.toJsonString(contactTopics.map(({ topicArn }) => topicArn)) },
        ...configurationSet !== undefined && { [Env.EMAIL_CONFIGURATION_SET]: configurationSet },
        ...Object.keys(tokens).length > 0 && { [Env.REGISTRATION]: stack.toJsonString(tokens) },
      },
      settings: { registration: known },
    });
    const { fn, role } = this.handler;
    grantTable(role, tables, 'registrations', welcomeEmail ? ['GetItem', 'UpdateItem'] : ['GetItem'], welcomeEmail ? [RegistrationIndex.BY_ACCOUNT] : []);
    welcomeEmail?._grantSend(role);
    for (const topic of contactTopics) {
      topic.grantPublish(role);
    }
    if (contactTopics.length > 0) {
      encryptionKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
    }
    const detailTypes = [
      ...welcomeEmail ? [DetailType.BUYER_EMAIL_ENTERED] : [],
      ...contactTopics.length > 0 ? [DetailType.BUYER_REGISTERED] : [],
    ];
    new events.Rule(this, 'Rule', {
      eventBus,
      description: 'Buyers who have registered, for e-mails and messages with their data',
      eventPattern: domainEventPattern(product.productCode, ...detailTypes),
      targets: [new targets.LambdaFunction(fn, { deadLetterQueue: deadLetters })],
    });
    alarms.addDeadLetters('BuyerMessagesDeadLetters', deadLetters, 'Messages to buyers, and about them');
    alarms.addErrors('BuyerMessagesErrors', fn, 'buyer-messages');
  }
}
