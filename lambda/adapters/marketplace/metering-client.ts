import {
  BatchMeterUsageCommand, type BatchMeterUsageCommandOutput, MarketplaceMeteringClient, type UsageRecord,
} from '@aws-sdk/client-marketplace-metering';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { answerOfCredentialsError, answerOfError } from './metering-client-errors';
import { defined } from '../../domain/defined';
import { licenseIdOf } from '../../domain/subscription/license';
import { type CallAnswer, canShareCall, type MeteringApi, type MeteringRecord, productOf, type RecordAnswer } from '../../domain/usage/ledger/outcome';
import type { SellerCredentials } from '../aws/seller-credentials';

/**
 * In milliseconds. A call without an answer by then has an unknown outcome. A run keeps enough time at its end for a call
 * that takes the longest.
 */
export interface MeteringApiTimeouts {
  readonly connectionTimeout: number;
  /** Until an answer begins. */
  readonly requestTimeout: number;
  /** Without a sign on the connection. */
  readonly socketTimeout: number;
}

const TIMEOUTS: MeteringApiTimeouts = { connectionTimeout: 3000, requestTimeout: 12_000, socketTimeout: 12_000 };

/**
 * Makes the API for one invocation after the other, each with connections of its own. While an environment is frozen,
 * Lambda drops idle connections without notice, and a call on one of them would have an unknown outcome
 * (https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html).
 *
 * @param credentials of the seller account; undefined: the function's own
 * @param timeouts for tests
 */
export function meteringApiPerInvocation(
  region: string, credentials: (() => Promise<SellerCredentials>) | undefined, timeouts: MeteringApiTimeouts = TIMEOUTS,
): () => MarketplaceMeteringApi {
  let requestHandler: NodeHttpHandler | undefined;
  return () => {
    requestHandler?.destroy();
    // without throwOnRequestTimeout, the handler only warns of a request without an answer, and keeps waiting
    requestHandler = new NodeHttpHandler({ ...timeouts, throwOnRequestTimeout: true });
    const config = { credentials, maxAttempts: 1, requestHandler };
    const clients = new Map<string, MarketplaceMeteringClient>();
    const clientIn = (named = region): MarketplaceMeteringClient => {
      const client = clients.get(named) ?? new MarketplaceMeteringClient({ ...config, region: named });
      clients.set(named, client);
      return client;
    };
    return new MarketplaceMeteringApi(clientIn, credentials);
  };
}

/**
 * BatchMeterUsage, one call per `submit`. The client must be made with `maxAttempts: 1`: a retry inside the SDK would
 * hide that the first try was accepted. No ProductCode is sent beside a LicenseArn (docs/marketplace-facts.md#f-2-3): a call
 * of records that differ in it, or in the region they have to be sent in, is refused here.
 */
export class MarketplaceMeteringApi implements MeteringApi {
  /**
   * @param clientIn the client of a region; without one, of the region that the product is metered in
   * @param credentials asked before each call: when they cannot be had, it is certain that nothing was sent
   */
  constructor(
    private readonly clientIn: (region?: string) => Pick<MarketplaceMeteringClient, 'send'>, private readonly credentials?: () => Promise<unknown>,
  ) {}

  async submit(records: readonly MeteringRecord[]): Promise<CallAnswer> {
    let output: BatchMeterUsageCommandOutput;
    const [first] = records;
    if (!records.every((record) => canShareCall(record, first))) {
      return { kind: 'REFUSED', cause: 'REQUEST', code: 'SeveralCalls', message: 'Usage of several products or regions never shares a call' };
    }
    const ProductCode = productOf(first);
    try {
      await this.credentials?.();
    } catch (error) {
      return answerOfCredentialsError(error);
    }
    try {
      output = await this.clientIn(first.region).send(new BatchMeterUsageCommand({
        UsageRecords: records.map(toUsageRecord),
        ProductCode,
      }));
    } catch (error) {
      return answerOfError(error);
    }
    return { kind: 'ANSWERED', records: match(records, output) };
  }
}

export function toUsageRecord(record: MeteringRecord): UsageRecord {
  const { dimension, timestamp, quantity, allocations = [] } = record;
  return {
    ...('licenseArn' in record
      ? { LicenseArn: record.licenseArn, CustomerAWSAccountId: record.customerAwsAccountId }
      : { CustomerIdentifier: record.customerIdentifier }),
    Dimension: dimension,
    Timestamp: new Date(timestamp),
    Quantity: quantity,
    ...(allocations.length > 0 && {
      UsageAllocations: allocations.map((part) => ({
        AllocatedUsageQuantity: part.quantity,
        ...(part.tags.length > 0 && { Tags: part.tags.map(([Key, Value]) => ({ Key, Value })) }),
      })),
    }),
  };
}

/**
 * Nothing says that the answers are in the order of the records: each is found by what it is about. An answer without its
 * license is found by account, dimension and hour, if only one record of the call has them.
 */
function match(records: readonly MeteringRecord[], output: BatchMeterUsageCommandOutput): RecordAnswer[] {
  const answers = answersOf(output);
  const sent = records.map(toUsageRecord);
  const withoutLicense = sent.map((record) => keyOf({ ...record, LicenseArn: undefined }));
  return sent.map((record, index) => {
    const isOnly = withoutLicense.filter((key) => key === withoutLicense[index]).length === 1;
    return answers.get(keyOf(record)) ?? (isOnly ? answers.get(withoutLicense[index]) : undefined) ?? { status: 'Missing' };
  });
}

function answersOf(output: BatchMeterUsageCommandOutput): ReadonlyMap<string, RecordAnswer> {
  const answers = new Map<string, RecordAnswer>();
  for (const unprocessed of output.UnprocessedRecords ?? []) {
    answers.set(keyOf(unprocessed), { status: 'Unprocessed' });
  }
  for (const { UsageRecord: about, Status: status, MeteringRecordId: meteringRecordId } of output.Results ?? []) {
    if (!about) {
      continue;
    }
    if (status === 'Success' || status === 'DuplicateRecord') {
      answers.set(keyOf(about), defined({ status, meteringRecordId: meteringRecordId || undefined }));
    } else if (status === 'CustomerNotSubscribed') {
      answers.set(keyOf(about), { status });
    } else {
      answers.set(keyOf(about), { status: 'Missing', word: String(status) });
    }
  }
  return answers;
}

function keyOf(record: UsageRecord): string {
  const buyer = licenseIdOf(record.LicenseArn ?? '') ?? record.LicenseArn ?? record.CustomerIdentifier ?? record.CustomerAWSAccountId;
  return JSON.stringify([buyer, record.Dimension, record.Timestamp && new Date(record.Timestamp).getTime()]);
}
