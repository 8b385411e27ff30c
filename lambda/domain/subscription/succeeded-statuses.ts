/** Statuses of an agreement that ended because another one succeeds it (docs/marketplace-facts.md#f-2-4). */
export const SUCCEEDED_STATUSES: ReadonlySet<string | undefined> = new Set(['RENEWED', 'REPLACED', 'SUPERSEDED']);
