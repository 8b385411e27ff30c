import type { Ready } from './bucket-work';
import type { RunState } from './run-state';
import { type Group, SetAside, turnAt } from './set-aside';
import type { MeteredLicense } from '../domain/subscription-directory';
import type { Bucket } from '../domain/usage/ledger/bucket';
import { refusedTogether, type RefusalScope, scopeOf, sinksCalls } from '../domain/usage/ledger/refusal';

/** Licenses that are refused in a dimension, from which on the dimension is in doubt for all. */
const DOUBTFUL_FROM = 3;
/** Causes kept in mind. What is forgotten costs calls, nothing else. */
const CAPACITY = 20_000;

/**
 * What a run knows of records that AWS refuses with an exception, which sinks every call they are in. Such hours are set
 * aside, with all that is refused for the same: among others, they would cost two calls each, in every run, until none is
 * left for the others.
 */
export class Refusals {
  private readonly causes = new Set<string>();
  private readonly licenses = new Map<string, Set<string>>();
  private readonly refused: SetAside;
  private readonly doubtful: SetAside;

  constructor(run: RunState, startedAt: number) {
    this.refused = new SetAside(run, turnAt(startedAt));
    this.doubtful = new SetAside(run);
  }

  /** A record was refused alone, in this run or in an earlier one. */
  learn(bucket: Bucket, code: string): void {
    const scope = scopeOf(code);
    if (this.causes.size < CAPACITY && scope !== 'RECORD') {
      this.causes.add(refusedTogether(bucket, scope));
    }
    if (scope !== 'DIMENSION') {
      return;
    }
    const licenses = this.licenses.get(bucket.dimension) ?? new Set();
    if (licenses.size < DOUBTFUL_FROM) {
      this.licenses.set(bucket.dimension, licenses.add(bucket.licenseId));
    }
  }

  /** It was taken after all. */
  forget(cause: string): void {
    this.causes.delete(cause);
  }

  /** True: it is kept here. */
  takes({ meta: { bucket, reason }, license }: Ready): boolean {
    if (sinksCalls(reason)) {
      this.learn(bucket, reason);
      this.refused.add(groupOf(bucket, scopeOf(reason), reason), { unit: refusedTogether(bucket, scopeOf(reason)), bucket });
      return true;
    }
    const scope = this.cause(bucket);
    if (scope !== undefined) {
      this.refused.add(groupOf(bucket, scope, scope), { unit: refusedTogether(bucket, scope), bucket });
      return true;
    }
    if (!this.isDoubtful(bucket, license)) {
      return false;
    }
    this.doubtful.add(bucket.dimension, { unit: refusedTogether(bucket, 'DIMENSION'), bucket });
    return true;
  }

  takeRefused(): Group[] {
    return this.refused.takeAll();
  }

  takeDoubtful(): Group[] {
    return this.doubtful.takeAll();
  }

  private cause(bucket: Bucket): RefusalScope | undefined {
    return (['DIMENSION', 'LICENSE'] as const).find((scope) => this.causes.has(refusedTogether(bucket, scope)));
  }

  /** An ending license has no time to wait for others, and calls of its own. */
  private isDoubtful(bucket: Bucket, license: MeteredLicense | undefined): boolean {
    return license?.status !== 'ENDING' && (this.licenses.get(bucket.dimension)?.size ?? 0) >= DOUBTFUL_FROM;
  }
}

/** Each has its turn in every run. */
function groupOf(bucket: Bucket, scope: RefusalScope, otherwise: string): string {
  return scope === 'DIMENSION' ? `DIMENSION ${bucket.dimension}` : scope === 'LICENSE' ? 'LICENSE' : otherwise;
}
