import { SECOND_MS } from '../../domain/time';

/**
 * DynamoDB's time to live, in epoch seconds: the table removes the item some time after it, usually within days
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html).
 */
export function expiresAfter(epochMs: number, seconds: number): number {
  return Math.ceil(epochMs / SECOND_MS) + seconds;
}

/** Whether an item is past its time to live, though the table may still have it. */
export function isExpired(expiresAt: unknown, now: number): boolean {
  return !(Number(expiresAt) * SECOND_MS > now);
}
