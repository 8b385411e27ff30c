import { Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { invalidProp } from './validate';

/** Where AWS Marketplace offers what an integration needs, in the one partition that this release supports. */
export const MARKETPLACE = {
  /** The only region with ResolveCustomer and the Agreement API (docs/marketplace-facts.md#f-1-3). */
  apiRegion: 'us-east-1',
  /** The only region whose default event bus receives agreement and license events (docs/marketplace-facts.md#f-3-1). */
  eventRegion: 'us-east-1',
  defaultMeteringRegion: 'us-east-1',
  /** Regions with BatchMeterUsage: https://docs.aws.amazon.com/marketplace/latest/developerguide/metering-regions.html */
  meteringRegions: ['af-south-1', 'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2',
    'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ca-central-1', 'eu-central-1', 'eu-central-2', 'eu-north-1',
    'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'il-central-1', 'me-central-1', 'me-south-1', 'sa-east-1',
    'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'] as readonly string[],
};

/** How the names of regions outside the `aws` partition begin. Credentials of one partition are not valid in another one. */
const OTHER_PARTITIONS: Readonly<Record<string, string>> = {
  'cn-': 'aws-cn (China)',
  'us-gov-': 'aws-us-gov (AWS GovCloud)',
  'eusc-': 'aws-eusc (AWS European Sovereign Cloud)',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'us-isof-': 'aws-iso-f',
  'eu-isoe-': 'aws-iso-e',
};

/** Refuses a stack of another partition, where synthesis knows its region. */
export function checkPartition(scope: Construct): void {
  const { region } = Stack.of(scope);
  const prefix = Object.keys(OTHER_PARTITIONS).find((start) => !Token.isUnresolved(region) && region.startsWith(start));
  if (prefix) {
    throw invalidProp('region of the stack', region, `it is in the partition ${OTHER_PARTITIONS[prefix]}, and this release supports `
      + 'AWS Marketplace in the partition aws only: deploy into a region of that partition');
  }
}
