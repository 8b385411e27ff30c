import {
  type AgreementViewSummary, type DescribeAgreementCommandOutput, DescribeAgreementCommand, type Filter, MarketplaceAgreementClient,
  SearchAgreementsCommand,
} from '@aws-sdk/client-marketplace-agreement';
import { defined } from '../../domain/defined';
import {
  type AgreementPage, type AgreementQuery, type AgreementRecord, type AgreementSource, AgreementSourceError,
} from '../../domain/subscription/agreement-source';
import { isoTime, SECOND_MS } from '../../domain/time';
import type { SellerCredentials } from '../aws/seller-credentials';

/** A little less often than the quota of 5 calls a second (docs/marketplace-facts.md#f-11-1), as others may call too. */
const CALL_INTERVAL_MS = 250;
const MAX_PAGE = 50;
/** Waits of 1, 2, 4 and 8 seconds between them, each by up to half less. */
const ATTEMPTS = 5;
const RECOVERY = 'docs/recovery.md';

/** Errors after which the same call may succeed. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'ThrottlingException', 'InternalServerException', 'ServiceUnavailableException', 'TimeoutError', 'ECONNRESET', 'ECONNREFUSED',
]);

export interface AgreementClientOptions {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * @param region of the Agreement API
 * @param credentials of the seller account; undefined: the function's own
 */
export function createAgreementSource(
  region: string, credentials: (() => Promise<SellerCredentials>) | undefined, options: AgreementClientOptions,
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
  private nextCallAt = 0;

  constructor(private readonly client: Pick<MarketplaceAgreementClient, 'send'>, private readonly options: AgreementClientOptions) {}

  async search(query: AgreementQuery, nextToken?: string): Promise<AgreementPage> {
    const { agreementViewSummaries: summaries = [], nextToken: next } = await this.call('SearchAgreements', async () =>
      this.client.send(new SearchAgreementsCommand({
        catalog: 'AWSMarketplace', filters: filtersOf(query), maxResults: MAX_PAGE, ...(nextToken !== undefined && { nextToken }),
      })));
    return { agreements: summaries.flatMap(recordOf), ...(next ? { nextToken: next } : {}) };
  }

  async describe(agreementId: string): Promise<AgreementRecord> {
    const output = await this.call('DescribeAgreement', async () => this.client.send(new DescribeAgreementCommand({ agreementId })));
    return recordOf({ ...output, agreementId })[0] as AgreementRecord;
  }

  private async call<T>(operation: string, send: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      await this.takeTurn();
      try {
        return await send();
      } catch (error) {
        const name = nameOf(error);
        if (!TRANSIENT.has(name) || attempt === ATTEMPTS) {
          throw new AgreementSourceError(name, messageOf(operation, name, error));
        }
        const longest = 2 ** (attempt - 1) * SECOND_MS;
        await this.options.sleep(Math.round(longest * (1 - this.options.random() / 2)));
      }
    }
  }

  private async takeTurn(): Promise<void> {
    const { now, sleep } = this.options;
    const wait = Math.min(this.nextCallAt - now(), CALL_INTERVAL_MS);
    if (wait > 0) {
      await sleep(wait);
    }
    this.nextCallAt = now() + CALL_INTERVAL_MS;
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

function nameOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string };
  return code && TRANSIENT.has(code) ? code : name ?? 'UnknownError';
}

function messageOf(operation: string, name: string, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  switch (name) {
    case 'AccessDenied':
      return `${operation} was not sent: the seller role could not be assumed (${said}). See docs/seller-account.md.`;
    case 'AccessDeniedException':
      return `AWS denied ${operation} (${said}). The role that calls AWS Marketplace needs aws-marketplace:SearchAgreements and `
        + `aws-marketplace:DescribeAgreement with PartyType Proposer, in the account that published the product: see ${RECOVERY}.`;
    case 'ValidationException':
      return `AWS refused the request ${operation} (${said}). A nextToken goes with the same after and productId as before: see ${RECOVERY}.`;
    default:
      return TRANSIENT.has(name)
        ? `AWS did not answer ${operation} in ${ATTEMPTS} attempts (${said}). Invoke again later, with the nextToken if there is one.`
        : `${operation} failed (${said}).`;
  }
}
