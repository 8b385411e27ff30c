import { createHash } from 'node:crypto';

/** Counts per kind, so that a story repeats with the same ids. */
export class IdSequence {
  private readonly counts = new Map<string, number>();

  /** From 1. */
  count(kind: string): number {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return count;
  }

  /** An id that looks like a UUID and counts up. */
  next(kind: IdKind): string {
    return `${KIND_PREFIX[kind]}-0000-4000-8000-${this.count(kind).toString(16).padStart(12, '0')}`;
  }

  reset(): void {
    this.counts.clear();
  }
}

export type IdKind = 'message' | 'event' | 'request' | 'notification' | 'email';

/** Keeps the sequences apart. */
const KIND_PREFIX: Readonly<Record<IdKind, string>> = {
  message: '00000001',
  event: '00000002',
  request: '00000003',
  notification: '00000004',
  email: '00000005',
};

/** Hexadecimal digits that depend on the parts only. */
export function digest(length: number, ...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);
}

/** A UUID that depends on the parts only. */
export function uuidOf(...parts: string[]): string {
  return digest(32, ...parts).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
