import * as z from 'zod';
import { explainWait } from './bucket';
import type { MeteringDependencies } from './dependencies';
import { Metering } from './run';
import { DetailType } from '../../src/names';
import { defined } from '../domain/defined';
import { licenseIdOf } from '../domain/subscription/license';
import { isoTime } from '../domain/time';
import type { AuditStore, BucketAudit } from '../domain/usage/audit';
import { parseInstant } from '../domain/usage/intake/time-text';
import { type Bucket, bucketId } from '../domain/usage/ledger/bucket';
import { circuitKeys } from '../domain/usage/ledger/circuit';
import { hourEnd, hourOf, isHour, SECOND_MS } from '../domain/usage/ledger/hour';

/** Time kept at the end of an invocation for finishing what is under way. */
export const RESERVE_MS = 30 * SECOND_MS;

const eventBridgeEvent = z.object({ 'detail-type': z.string() });
const endingEvent = z.object({ 'detail-type': z.literal(DetailType.SUBSCRIPTION_ENDING), 'detail': z.object({ licenseId: z.string() }) });
const hour = z.string().transform((text, context) => {
  if (isHour(text)) {
    return text;
  }
  const instant = parseInstant(text);
  if (instant !== undefined) {
    return hourOf(instant);
  }
  context.addIssue('must be ISO 8601 in UTC, like 2026-11-23T05 or 2026-11-23T05:00:00Z');
  return z.NEVER;
});
const license = z.string().transform((text, context) => {
  const licenseId = licenseIdOf(text);
  if (licenseId !== undefined) {
    return licenseId;
  }
  context.addIssue('must be the ARN of a license, or its id (l-…)');
  return z.NEVER;
});
const name = z.string().min(1);
const settleRequest = z.strictObject({ license, dimension: name, hour, outcome: z.enum(['BILLED', 'REFUSED']) });
// No union: its problems would not say what is wrong with the request.
const explainRequest = z.strictObject({ license, id: name.optional(), dimension: name.optional(), hour: hour.optional() })
  .transform(({ license: licenseId, id, dimension, hour: of }, context) => {
    if (id !== undefined && dimension === undefined && of === undefined) {
      return { licenseId, id };
    }
    if (id === undefined && dimension !== undefined && of !== undefined) {
      return { licenseId, dimension, hour: of };
    }
    context.addIssue('either dimension and hour, or id');
    return z.NEVER;
  });
/** What a person may send. An event of EventBridge, and nothing at all, start a run. */
const personsRequest = z.strictObject({ settle: settleRequest.optional(), explain: explainRequest.optional() })
  .refine(({ settle, explain }) => !settle || !explain, 'send settle or explain, not both');

/** The answer to a request that is not valid: nothing was done. */
export interface InvalidRequestAnswer {
  readonly error: { readonly code: 'INVALID_REQUEST'; readonly message: string };
}


export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/**
 * Runs metering: on a schedule (any event of EventBridge, or an empty request) and when a subscription ends. For people:
 * `{"settle": {"license", "dimension", "hour", "outcome": "BILLED" | "REFUSED"}}` settles an hour whose outcome was looked
 * up in CloudTrail; `{"explain": {"license", "dimension", "hour"}}` shows what a metered record is made of, and
 * `{"explain": {"license", "id"}}` where a usage record went. Any other request is answered with an error, and does nothing.
 *
 * @param forInvocation makes what one invocation works with
 */
export function createHandler(
  forInvocation: () => MeteringDependencies, audit: AuditStore,
): (event: unknown, context: InvocationContext) => Promise<unknown> {
  return async (event, context) => {
    const deps = forInvocation();
    const metering = new Metering(deps);
    const deadline = deps.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    try {
      const ending = endingEvent.safeParse(event);
      if (ending.success) {
        return await metering.flushLicense(ending.data.detail.licenseId, deadline);
      }
      if (eventBridgeEvent.safeParse(event).success) {
        return await metering.runAll(deadline);
      }
      const request = personsRequest.safeParse(event ?? {});
      if (!request.success) {
        return invalidRequest(request.error);
      }
      if (request.data.settle) {
        const { license: licenseId, outcome, ...rest } = request.data.settle;
        return await settleBucket(metering, deps, { licenseId, ...rest }, outcome, deadline);
      }
      if (request.data.explain) {
        return await explainUsage(deps, audit, request.data.explain);
      }
      return await metering.runAll(deadline);
    } finally {
      deps.metrics.flush();
    }
  };
}

function invalidRequest(error: z.ZodError): InvalidRequestAnswer {
  const expected = 'Expected {"settle": {"license", "dimension", "hour", "outcome"}}, {"explain": {"license", "dimension", "hour"}}, '
    + '{"explain": {"license", "id"}}, or {} for a run';
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`).join('; ');
  return { error: { code: 'INVALID_REQUEST', message: `${problems}. ${expected}` } };
}

async function explainUsage(deps: MeteringDependencies, audit: AuditStore, request: z.infer<typeof explainRequest>): Promise<unknown> {
  if (request.id === undefined) {
    return { bucket: await show(deps, audit, request) };
  }
  const record = await audit.findRecord(request.licenseId, request.id);
  return { record: record ?? null, bucket: record ? await show(deps, audit, record.bucket) : null };
}

async function show(deps: MeteringDependencies, audit: AuditStore, bucket: Bucket): Promise<BucketAudit | null> {
  const shown = await audit.readBucket(bucket);
  if (!shown) {
    return null;
  }
  if (shown.dueAt === undefined) {
    return shown;
  }
  const waitsFor = await explainWait(deps, bucket);
  const circuits = await circuitsBefore(deps, bucket);
  return defined({ ...shown, waitsFor, circuits: circuits.length > 0 ? circuits : undefined });
}

/** What AWS refused lately that keeps the bucket from being sent, and when it is tried again. */
async function circuitsBefore({ control }: MeteringDependencies, bucket: Bucket): Promise<readonly object[]> {
  const keys = circuitKeys(bucket);
  const circuits = (await control.readCircuits()).filter(({ key }) => keys.includes(key));
  return circuits.map(({ scope, reason, failures, retryAt }) => ({ scope, reason, failures, retryAt: isoTime(retryAt) }));
}

async function settleBucket(
  metering: Metering, deps: MeteringDependencies, bucket: Bucket, outcome: 'BILLED' | 'REFUSED', deadline: number,
) {
  const { ledger, clock, rules, log } = deps;
  const settled = await ledger.settle(bucket, outcome, clock.now(), hourEnd(bucket.hour) + rules.closeGrace);
  if (settled) {
    log.info('An unresolved hour was settled', { bucket: bucketId(bucket), outcome });
    await metering.workOn(bucket, deadline);
  }
  const meta = (await ledger.readMetas([bucket])).get(bucketId(bucket));
  return defined({ settled, state: meta?.state ?? 'NONE', message: settled ? undefined : 'Only an UNRESOLVED hour can be settled' });
}
