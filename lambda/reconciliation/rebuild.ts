import { AgreementRepair, type RebuildChange, type RebuildDependencies } from './agreement-repair';
import { encodePosition, type Position, readRebuildRequest, type RebuildRequest } from './rebuild-request';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { type AgreementPage, type AgreementQuery, type AgreementRecord, AgreementSourceError } from '../domain/subscription/agreement-source';
import type { SkipReason } from '../domain/subscription/rebuilt-facts';
import { SECOND_MS } from '../domain/time';

/** The longest that one agreement takes: its calls to AWS, each tried several times. */
const RESERVE_MS = 60 * SECOND_MS;
/** So that the answer stays far below Lambda's limit of 6 MB. */
const MAX_READ = 5_000;

const PRODUCT_UNKNOWN = 'Agreements whose license is not known here were left out, as they may belong to another product of the seller. '
  + 'To take in those of one product, add its id to the request: "productId": "prod-…".';

export interface RebuildReport {
  readonly dryRun: boolean;
  readonly read: number;
  /** Agreements of which facts were recorded; in a dry run, would be. */
  readonly written: number;
  readonly unchanged: number;
  readonly skipped: readonly { readonly agreementId: string; readonly reason: SkipReason }[];
  readonly changes: readonly RebuildChange[];
  readonly warning?: string;
  /** There is more: send the same request with this. */
  readonly nextToken?: string;
  /** What stopped the rebuild before its end. */
  readonly error?: { readonly code: string; readonly message: string };
}

/**
 * Records what is missing of the seller's agreements, as AWS Marketplace has them on record: after a loss of the
 * subscriptions table, or of events. Each repair goes through the same code as an event does, so the app gets the domain
 * events that it would have got, under the same event ids.
 *
 * An agreement names a product id, which nothing here knows: without a `productId` in the request, only licenses that are
 * known to this integration are repaired, and those of other products stay out.
 *
 * @param remainingMs how long the invocation may still take
 */
export async function rebuild(
  event: unknown, deps: RebuildDependencies, remainingMs: () => number,
): Promise<RebuildReport | { readonly error: { readonly code: string; readonly message: string } }> {
  const request = readRebuildRequest(event);
  if ('problem' in request) {
    return { error: { code: 'INVALID_REQUEST', message: request.problem } };
  }
  const run = new Rebuild(request, deps);
  try {
    return await run.run(() => remainingMs() > RESERVE_MS);
  } finally {
    deps.metrics.flush();
  }
}

class Rebuild {
  private read = 0;
  private unchanged = 0;
  private readonly skipped: { agreementId: string; reason: SkipReason }[] = [];
  private readonly changes: RebuildChange[] = [];

  private readonly repairs: AgreementRepair;

  constructor(private readonly request: RebuildRequest, private readonly deps: RebuildDependencies) {
    this.repairs = new AgreementRepair(request, deps, METRICS.SUBSCRIPTIONS_REBUILT);
  }

  async run(hasTime: () => boolean): Promise<RebuildReport> {
    let position: Position | undefined = this.request.position;
    try {
      while (position !== undefined && this.read < MAX_READ && hasTime()) {
        const { agreements, nextToken }: AgreementPage = await this.deps.source.search(this.query(), position.page);
        let { done }: Position = position;
        for (const agreement of agreements.slice(done)) {
          if (!hasTime()) {
            break;
          }
          await this.repair(agreement);
          done += 1;
          position = { ...position, done };
        }
        if (done >= agreements.length) {
          position = nextToken === undefined ? undefined : { page: nextToken, done: 0 };
        }
      }
      return this.report(position);
    } catch (error) {
      if (!(error instanceof AgreementSourceError)) {
        throw error;
      }
      const { code, message } = error;
      this.deps.log.error('Rebuild stopped', { error: code, reason: message });
      return { ...this.report(position), error: { code, message } };
    }
  }

  private query(): AgreementQuery {
    const { after, productId } = this.request;
    return defined({ updatedAfter: after, productId });
  }

  private report(position: Position | undefined): RebuildReport {
    const { read, unchanged, skipped, changes, request: { dryRun } } = this;
    this.deps.log.info('Rebuild of subscriptions', { dryRun, read, written: changes.length, unchanged, skipped: skipped.length, complete: !position });
    return defined({
      dryRun,
      read,
      written: changes.length,
      unchanged,
      skipped,
      changes,
      warning: skipped.some(({ reason }) => reason === 'ProductUnknown') ? PRODUCT_UNKNOWN : undefined,
      nextToken: position && encodePosition(position),
    });
  }

  private async repair(agreement: AgreementRecord): Promise<void> {
    const { agreementId } = agreement;
    const outcome = await this.repairs.repair(agreement);
    this.read += 1;
    if (outcome === 'UNCHANGED') {
      this.unchanged += 1;
    } else if ('skipped' in outcome) {
      this.skipped.push({ agreementId, reason: outcome.skipped });
      this.deps.log.info('Rebuild left an agreement out', { agreementId, reason: outcome.skipped });
    } else {
      this.changes.push(outcome);
      this.deps.log.info(this.request.dryRun ? 'Rebuild would record an agreement' : 'Rebuild recorded an agreement', { ...outcome });
    }
  }
}
