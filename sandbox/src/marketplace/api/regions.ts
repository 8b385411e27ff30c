/** Regions of BatchMeterUsage, elsewhere the API is disabled: docs/marketplace-facts.md#f-6-10. */
const METERING_REGIONS = new Set([
  'af-south-1', 'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2',
  'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ca-central-1', 'eu-central-1', 'eu-central-2',
  'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'il-central-1', 'me-central-1',
  'me-south-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'cn-northwest-1',
]);

/** The only region GetEntitlements exists in: docs/marketplace-facts.md#f-5. */
export const ENTITLEMENT_REGION = 'us-east-1';

export function metersIn(region: string): boolean {
  return METERING_REGIONS.has(region);
}
