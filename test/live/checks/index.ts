import { deadLetterAlarm, heartbeatAlarm, quietAlarms } from './alarms';
import { deployExample, secondDeployment } from './deploy-example';
import { errorPage } from './error-page';
import { exampleAnswers } from './example-answers';
import { failedCreate } from './failed-create';
import { oneHop, regionalEnvelope, twoHops } from './forwarding';
import { optInRegion } from './opt-in-region';
import { redrive } from './redrive';
import { deployOverTables, restoreTables } from './restore';
import { registrationTls } from './tls';
import { Check } from '../observation';

/** All checks, in the order in which they run: alarms have to be quiet before usage of an unknown license comes, and those that must fire are last. */
export const CHECKS: readonly Check[] = [
  deployExample, quietAlarms, exampleAnswers, errorPage, registrationTls, redrive, optInRegion, oneHop, twoHops, regionalEnvelope,
  secondDeployment, failedCreate, restoreTables, deployOverTables, deadLetterAlarm, heartbeatAlarm,
];

/** What only a person with a listing, or with two accounts, can find out. */
export const FOR_A_PERSON: readonly { readonly question: string; readonly source: string }[] = [
  {
    question: 'Does the listing form of the AWS Marketplace Management Portal accept the FulfillmentUrl, an execute-api address with a stage path?',
    source: 'docs/marketplace-facts.md#f-1-1',
  },
  {
    question: 'With a seller account and a workload account: does an event of the seller account arrive in another region of the workload account, '
      + 'in one hop, and by way of a bus in us-east-1?',
    source: 'docs/seller-account.md',
  },
  {
    question: 'From an account that is not the seller: which exception do ResolveCustomer and BatchMeterUsage give? (AWS CloudTrail shows it)',
    source: 'docs/marketplace-facts.md#f-10-1',
  },
];
