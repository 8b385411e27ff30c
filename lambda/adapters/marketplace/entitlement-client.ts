import {
  type Entitlement as EntitlementEntry, GetEntitlementsCommand, type GetEntitlementsCommandOutput, MarketplaceEntitlementServiceClient,
} from '@aws-sdk/client-marketplace-entitlement-service';
import { PacedCalls, type PacedCallsOptions } from './paced-calls';
import { compare } from '../../domain/compare';
import { defined } from '../../domain/defined';
import type { Entitlement, Entitlements } from '../../domain/entitlements/entitlement';
import type { EntitlementSource, LicenseToAsk } from '../../domain/entitlements/ports';
import type { Log } from '../../domain/ports';
import { legacyCustomerOf } from '../../domain/subscription/legacy-customer';
import { licenseIdOf } from '../../domain/subscription/license';
import { isoTime } from '../../domain/time';
import { timeoutOf } from '../aws/client-limits';
import type { SellerCredentials } from '../aws/seller-credentials';

/** Half the quota of 20 calls a second and account (docs/marketplace-facts.md#f-5), as several functions call. */
const CALL_INTERVAL_MS = 100;
const MAX_PAGE = 25;
const ATTEMPT_TIMEOUT_MS = 4_000;
/** A product has at most 200 dimensions (docs/marketplace-facts.md#f-11-4): an answer that does not end is an error. */
const MAX_PAGES = 200;

export interface EntitlementClientOptions extends PacedCallsOptions {
  readonly productCode: string;
  /** us-east-1: the only region of the API (docs/marketplace-facts.md#f-5). */
  readonly region: string;
  /** Of the seller account; undefined: the function's own. */
  readonly credentials: (() => Promise<SellerCredentials>) | undefined;
  /** Of one call. A buyer waits for the registration: two. */
  readonly attempts: number;
  readonly log: Log;
}

export function createEntitlementSource(options: EntitlementClientOptions): EntitlementSource {
  const { region, credentials } = options;
  // One attempt: each try is paced here.
  const client = new MarketplaceEntitlementServiceClient({
    region, ...timeoutOf(ATTEMPT_TIMEOUT_MS), maxAttempts: 1, ...(credentials && { credentials }),
  });
  return new MarketplaceEntitlements(client, options);
}

/** GetEntitlements, as the account that published the product. */
export class MarketplaceEntitlements implements EntitlementSource {
  private readonly calls: PacedCalls;

  constructor(
    private readonly client: Pick<MarketplaceEntitlementServiceClient, 'send'>,
    private readonly options: Pick<EntitlementClientOptions, 'productCode' | 'attempts' | 'log' | keyof PacedCallsOptions>,
  ) {
    this.calls = new PacedCalls(CALL_INTERVAL_MS, options.attempts, options);
  }

  async entitlementsOf({ licenseId, licenseArn, customerAwsAccountId }: LicenseToAsk): Promise<Entitlements> {
    const buyer = legacyCustomerOf(licenseId)?.customerIdentifier;
    const filter: Record<string, string[]> | undefined = buyer !== undefined ? { CUSTOMER_IDENTIFIER: [buyer] }
      : licenseArn !== undefined ? { LICENSE_ARN: [licenseArn] }
        : customerAwsAccountId !== undefined ? { CUSTOMER_AWS_ACCOUNT_ID: [customerAwsAccountId] } : undefined;
    if (filter === undefined) {
      throw new Error(`Neither the ARN of the license ${licenseId} nor the account of its buyer is known: GetEntitlements cannot be asked about it`);
    }
    // A buyer of a legacy product has one agreement, whichever license AWS names for it.
    const isOf = ({ LicenseArn: arn = licenseArn, CustomerIdentifier: identifier = buyer }: EntitlementEntry) => (buyer === undefined
      ? arn !== undefined && licenseIdOf(arn) === licenseId
      : identifier?.trim() === buyer);
    const found = new Map<string, Entitlement>();
    for await (const entry of this.entries(filter)) {
      const { Dimension: dimension } = entry;
      if (!dimension || !isOf(entry)) {
        continue;
      }
      const entitlement = entitlementOf(entry);
      const other = found.get(dimension);
      if (other !== undefined) {
        this.options.log.warn('GetEntitlements answered twice for one dimension of a license', { licenseId, dimension });
      }
      found.set(dimension, other === undefined ? entitlement : laterOf(other, entitlement));
    }
    return Object.fromEntries([...found].sort(([a], [b]) => compare(a, b)));
  }

  /** All pages. A page may be empty and still name a next one (docs/marketplace-facts.md#f-5). */
  private async *entries(Filter: Record<string, string[]>): AsyncIterable<EntitlementEntry> {
    let NextToken: string | undefined;
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const answer: GetEntitlementsCommandOutput = await this.calls.run(async () => this.client.send(new GetEntitlementsCommand({
        ProductCode: this.options.productCode, Filter, MaxResults: MAX_PAGE, NextToken,
      })));
      yield* answer.Entitlements ?? [];
      NextToken = answer.NextToken || undefined;
      if (NextToken === undefined) {
        return;
      }
    }
    throw new Error(`GetEntitlements named a next page after ${MAX_PAGES} pages`);
  }
}

function entitlementOf({ Value: sent = {}, ExpirationDate: expiration }: EntitlementEntry): Entitlement {
  const { IntegerValue: integer, DoubleValue: double, BooleanValue: boolean, StringValue: string } = sent;
  const typed = ([['INTEGER', integer], ['DOUBLE', double], ['BOOLEAN', boolean], ['STRING', string]] as const)
    .find(([, value]) => value !== undefined && value !== null);
  const [valueType, value] = typed ?? [];
  return defined<Entitlement>({
    valueType,
    // DynamoDB and JSON have no number for these.
    value: typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    expiresAt: expiration === undefined || Number.isNaN(expiration.getTime()) ? undefined : isoTime(expiration.getTime()),
  } as Entitlement);
}

/** The one that lasts longer, whatever the order of the answer. */
function laterOf(a: Entitlement, b: Entitlement): Entitlement {
  const order = ({ expiresAt = '', value = '' }: Entitlement) => `${expiresAt}#${String(value).padStart(20, '0')}`;
  return order(a) >= order(b) ? a : b;
}
