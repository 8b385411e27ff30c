import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

/** The clients of one region, as far as a check uses them: a test gives others. */
export interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

export type ClientsOf = (region: string) => Clients;

/** Clients of AWS with the caller's credentials, or of a sandbox with any. */
export function createClients(endpoint?: string): ClientsOf {
  const made = new Map<string, Clients>();
  return (region) => {
    if (!made.has(region)) {
      const config = endpoint ? { region, endpoint, credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' } } : { region };
      made.set(region, {
        cloudFormation: new CloudFormationClient(config),
        cloudWatch: new CloudWatchClient(config),
        dynamodb: new DynamoDBClient(config),
        events: new EventBridgeClient(config),
        sqs: new SQSClient(config),
        sts: new STSClient(config),
      });
    }
    return made.get(region)!;
  };
}
