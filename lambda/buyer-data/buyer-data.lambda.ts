import { buyerDataHandler } from './handle-buyer-data';
import { createDocumentClient } from '../adapters/aws/document-client';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger } from '../adapters/aws/logging';
import { BuyerDataTable } from '../adapters/registrations/buyer-data-table';
import { SubscriptionReader } from '../adapters/subscriptions/subscription-reader';

const environment = readEnvironment(process.env, 'SUBSCRIPTIONS_TABLE', 'REGISTRATIONS_TABLE');
const documentClient = createDocumentClient();

/** Exports or deletes what one buyer entered, when the seller's team asks by direct invocation (docs/registration.md). */
export const handler = buyerDataHandler({
  buyers: new BuyerDataTable(documentClient, environment.REGISTRATIONS_TABLE),
  subscriptions: new SubscriptionReader(documentClient, environment.SUBSCRIPTIONS_TABLE),
  log: createLogger('buyer-data'),
});
