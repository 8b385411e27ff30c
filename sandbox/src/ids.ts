/** Ids that look like UUIDs and count up, one sequence per kind, so that a story repeats with the same ids. */
export class IdSequence {
  private readonly last = new Map<string, number>();

  /** `kind`: one hexadecimal digit per use (message, event, request…), which keeps the sequences apart. */
  next(kind: IdKind): string {
    const n = (this.last.get(kind) ?? 0) + 1;
    this.last.set(kind, n);
    return `${KIND_PREFIX[kind]}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
  }

  reset(): void {
    this.last.clear();
  }
}

export type IdKind = 'message' | 'event' | 'request' | 'notification';

const KIND_PREFIX: Readonly<Record<IdKind, string>> = {
  message: '00000001',
  event: '00000002',
  request: '00000003',
  notification: '00000004',
};
