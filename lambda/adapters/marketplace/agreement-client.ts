import {
  type AgreementViewSummary, type DescribeAgreementCommandOutput, DescribeAgreementCommand, type Filter,
  GetAgreementTermsCommand, type GetAgreementTermsCommandOutput, MarketplaceAgreementClient, SearchAgreementsCommand,
} from '@aws-sdk/client-marketplace-agreement';
import { errorNameOf, isTransient, PacedCalls, type PacedCallsOptions } from './paced-calls';
import { defined } from '../../domain/defined';
import {
  type AgreementPage, type AgreementQuery, type AgreementRecord, type AgreementSource, AgreementSourceError, type AgreementTerms,
} from '../../domain/subscription/agreement-source';
import { isoTime } from '../../domain/time';
import type { SellerCredentials } from '../aws/seller-credentials';

/** A little less often than the quota of 5 calls a second (docs/marketplace-facts.md#f-11-1), as others may call too. */
const CALL_INTERVAL_MS = 250;
const MAX_PAGE = 50;
/** Waits of up to 1, 2, 4 and 8 seconds between them. */
const ATTEMPTS = 5;
const RECOVERY = 'docs/recovery.md';

/**
 * @param region of the Agreement API
 * @param credentials of the seller account; undefined: the function's own
 */
export function createAgreementSource(
  region: string, credentials: (() => Promise<SellerCredentials>) | undefined, options: PacedCallsOptions,
): AgreementSource {
  // One attempt: each try is paced here.
  const client = new MarketplaceAgreementClient({
    region,
    ...(credentials && { credentials }),
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
  });
  return new MarketplaceAgreementSource(client, options);
}

/** The Agreement API as the proposer, one call at a time. Throttled and failed calls are tried again with backoff. */
export class MarketplaceAgreementSource implements AgreementSource {
  private readonly calls: PacedCalls;

  constructor(private readonly client: Pick<MarketplaceAgreementClient, 'send'>, options: PacedCallsOptions) {
    this.calls = new PacedCalls(CALL_INTERVAL_MS, ATTEMPTS, options);
  }

  async search(query: AgreementQuery, nextToken?: string): Promise<AgreementPage> {
    const { agreementViewSummaries: summaries = [], nextToken: next } = await this.call('SearchAgreements', async () =>
      this.client.send(new SearchAgreementsCommand({
        catalog: 'AWSMarketplace', filters: filtersOf(query), maxResults: MAX_PAGE, nextToken,
      })));
    return { agreements: summaries.flatMap(recordOf), ...(next ? { nextToken: next } : {}) };
  }

  async describe(agreementId: string): Promise<AgreementRecord> {
    const output = await this.call('DescribeAgreement', async () => this.client.send(new DescribeAgreementCommand({ agreementId })));
    return recordOf({ ...output, agreementId })[0] as AgreementRecord;
  }

  async terms(agreementId: string): Promise<AgreementTerms> {
    let nextToken: string | undefined;
    do {
      const page: GetAgreementTermsCommandOutput = await this.call('GetAgreementTerms', async () =>
        this.client.send(new GetAgreementTermsCommand({ agreementId, maxResults: MAX_PAGE, nextToken })));
      const duration = page.acceptedTerms?.map((term) => term.freeTrialPricingTerm?.duration).find((text) => text !== undefined);
      if (duration !== undefined) {
        return { freeTrialDuration: duration };
      }
      nextToken = page.nextToken || undefined;
    } while (nextToken !== undefined);
    return {};
  }

  private async call<T>(operation: string, send: () => Promise<T>): Promise<T> {
    try {
      return await this.calls.run(send);
    } catch (error) {
      const name = errorNameOf(error);
      throw new AgreementSourceError(name, messageOf(operation, name, error));
    }
  }
}

function filtersOf({ updatedAfter, productId, licenseArn, initialAgreementId }: AgreementQuery): Filter[] {
  const filters: readonly (readonly [string, string | undefined])[] = [
    ['PartyType', 'Proposer'],
    ['AgreementType', 'PurchaseAgreement'],
    ['AfterLastUpdateTime', updatedAfter === undefined ? undefined : isoTime(updatedAfter)],
    ['ResourceIdentifier', productId],
    ['LicenseArn', licenseArn],
    ['InitialAgreementId', initialAgreementId],
  ];
  return filters.flatMap(([name, value]) => value === undefined ? [] : [{ name, values: [value] }]);
}

function recordOf(summary: AgreementViewSummary | DescribeAgreementCommandOutput): AgreementRecord[] {
  const { agreementId, status, initialAgreementId, acceptor, proposalSummary, acceptanceTime, startTime, endTime } = summary;
  if (!agreementId) {
    return [];
  }
  const { entitlements = [], lastUpdateTime } = summary as AgreementViewSummary;
  return [defined({
    agreementId,
    status,
    initialAgreementId: initialAgreementId || undefined,
    customerAwsAccountId: acceptor?.accountId || undefined,
    productIds: textsOf(proposalSummary?.resources?.map(({ id }) => id)),
    licenseArns: textsOf(entitlements.map(({ licenseArn }) => licenseArn)),
    offerId: proposalSummary?.offerId || undefined,
    acceptanceTime: acceptanceTime?.getTime(),
    startTime: startTime?.getTime(),
    endTime: endTime?.getTime(),
    lastUpdateTime: lastUpdateTime?.getTime(),
  }) as AgreementRecord];
}

function textsOf(values: readonly (string | undefined)[] = []): readonly string[] {
  return [...new Set(values.filter((value): value is string => !!value))];
}

function messageOf(operation: string, name: string, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  switch (name) {
    case 'AccessDenied':
      return `${operation} was not sent: the seller role could not be assumed (${said}). See docs/seller-account.md.`;
    case 'AccessDeniedException':
      return `AWS denied ${operation} (${said}). The role that calls AWS Marketplace needs aws-marketplace:SearchAgreements, `
        + `aws-marketplace:DescribeAgreement and aws-marketplace:GetAgreementTerms with PartyType Proposer, in the account that published the product: see ${RECOVERY}.`;
    case 'ValidationException':
      return `AWS refused the request ${operation} (${said}). A nextToken goes with the same after and productId as before: see ${RECOVERY}.`;
    default:
      return isTransient(name)
        ? `AWS did not answer ${operation} in ${ATTEMPTS} attempts (${said}). Invoke again later, with the nextToken if there is one.`
        : `${operation} failed (${said}).`;
  }
}
