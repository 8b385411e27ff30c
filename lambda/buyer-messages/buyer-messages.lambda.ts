import { randomBytes } from 'node:crypto';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { buyerMessagesHandler } from './handle-message';
import { BACKGROUND_TABLE_LIMITS } from '../adapters/aws/client-limits';
import { createDocumentClient } from '../adapters/aws/document-client';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger, createMetrics } from '../adapters/aws/logging';
import { readSettings } from '../adapters/aws/settings';
import { systemClock } from '../adapters/aws/system-clock';
import { SesSender } from '../adapters/messages/ses-sender';
import { BuyerDataTable } from '../adapters/registrations/buyer-data-table';
import { BuyerEmailTable } from '../adapters/registrations/buyer-email-table';

const environment = readEnvironment(
  process.env, 'REGISTRATIONS_TABLE', 'REGISTRATION', 'REGISTRATION_URL', 'CONTACT_TOPICS',
  'EMAIL_CONFIGURATION_SET', 'INTEGRATION_ID',
);
const settings = readSettings(process.env, 'registration');
const documentClient = createDocumentClient();
const buyers = new BuyerDataTable(documentClient, environment.REGISTRATIONS_TABLE);
const sns = new SNSClient(BACKGROUND_TABLE_LIMITS);

/** Writes to a buyer who has registered, and to the seller's team, after events of the integration. */
export const handler = buyerMessagesHandler({
  config: { ...settings.registration, ...environment.REGISTRATION },
  registrationUrl: environment.REGISTRATION_URL,
  emails: new BuyerEmailTable(documentClient, environment.REGISTRATIONS_TABLE),
  ofAccount: async (account) => buyers.ofAccount(account),
  buyer: async (registrationId) => buyers.read(registrationId),
  sender: new SesSender(new SESv2Client(BACKGROUND_TABLE_LIMITS), environment.EMAIL_CONFIGURATION_SET),
  contactTopics: environment.CONTACT_TOPICS.map((TopicArn) => async (Subject, Message) => {
    await sns.send(new PublishCommand({ TopicArn, Subject, Message }));
  }),
  clock: systemClock,
  log: createLogger('buyer-messages'),
  metrics: createMetrics(environment.INTEGRATION_ID),
  newSecret: () => randomBytes(32).toString('base64url'),
});
