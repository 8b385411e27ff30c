import { header, type Item, type ItemKey } from './items';
import { defined } from '../../domain/defined';
import { isoTime } from '../../domain/time';
import { bucketId, parseBucketId } from '../../domain/usage/ledger/bucket';
import type { Circuit, CircuitScope } from '../../domain/usage/ledger/circuit';
import { expiresAfter } from '../aws/ttl';

/* Keys and shapes of the items by which runs of metering know of each other. */

export const LEASE_KEY: ItemKey = { pk: 'LEASE', sk: 'metering' };
export const ZERO_USAGE_KEY: ItemKey = { pk: 'LEASE', sk: 'zero-usage' };

export const CIRCUITS_PK = 'CIRCUITS';
/** Longer than any circuit is remembered; the one of an unknown outcome is written again by each run. */
const CIRCUIT_RETENTION_SECONDS = 7 * 24 * 3600;

function circuitKeyOf(key: string): ItemKey {
  return { pk: CIRCUITS_PK, sk: key };
}

export function circuitItem({ key, scope, reason, failures, failedAt, retryAt, probe }: Circuit): Item & ItemKey {
  return {
    ...circuitKeyOf(key),
    ...header('Circuit'),
    scope,
    reason,
    failures,
    failedAt: isoTime(failedAt),
    retryAt: isoTime(retryAt),
    probe: probe && bucketId(probe),
    expiresAt: expiresAfter(failedAt, CIRCUIT_RETENTION_SECONDS),
  };
}

/** A closed circuit is left to the table's time to live, as no handler may delete items. */
export function closedCircuitItem(key: string, at: number): Item & ItemKey {
  return { ...circuitKeyOf(key), ...header('Circuit'), closedAt: isoTime(at), expiresAt: expiresAfter(at, 0) };
}

/** Undefined: it is closed. */
export function circuitOf(item: Item): Circuit | undefined {
  if (item.closedAt !== undefined) {
    return undefined;
  }
  return defined({
    key: item.sk as string,
    scope: item.scope as CircuitScope,
    reason: item.reason as string,
    failures: item.failures as number,
    failedAt: Date.parse(item.failedAt as string),
    retryAt: Date.parse(item.retryAt as string),
    probe: item.probe === undefined ? undefined : parseBucketId(item.probe as string),
  });
}
