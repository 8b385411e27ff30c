import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { DescribeAgreementCommand, MarketplaceAgreementClient } from '@aws-sdk/client-marketplace-agreement';

/** What the listing shows beside the product code. */
export async function productIdOf({ endpoint }: SandboxClient, agreementId: string): Promise<string> {
  const client = new MarketplaceAgreementClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' } });
  const { proposalSummary } = await client.send(new DescribeAgreementCommand({ agreementId }));
  return String(proposalSummary?.resources?.[0].id);
}
