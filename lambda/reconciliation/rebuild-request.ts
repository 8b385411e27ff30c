import * as z from 'zod';
import { defined } from '../domain/defined';

/** Where a rebuild continues. */
export interface Position {
  /** Token of AWS's for the page; absent: the first page. */
  readonly page?: string;
  /** Agreements of that page that are done. */
  readonly done: number;
}

export interface RebuildRequest {
  /** True: nothing is written. */
  readonly dryRun: boolean;
  /** Epoch milliseconds: only agreements that changed after this. */
  readonly after?: number;
  /** Product id (`prod-…`) of the product that this integration is for. */
  readonly productId?: string;
  readonly position: Position;
}

const instant = z.iso.datetime({ offset: true, error: 'after must be a time like 2026-11-23T09:00:00Z' }).transform((text) => Date.parse(text));
const productId = z.string().regex(/^prod-[A-Za-z0-9]{1,59}$/, 'productId must be the id of the product in the listing, like prod-abcdef1234567');
const position = z.strictObject({ page: z.string().min(1).optional(), done: z.int().min(0) });
const nextToken = z.string().transform((text, context): Position => {
  try {
    return position.parse(JSON.parse(Buffer.from(text, 'base64url').toString())) as Position;
  } catch {
    context.addIssue({ code: 'custom', message: 'nextToken must be one that an earlier call answered with' });
    return z.NEVER;
  }
});
const event = z.strictObject({
  rebuild: z.strictObject({
    dryRun: z.boolean().default(true), after: instant.optional(), productId: productId.optional(), nextToken: nextToken.optional(),
  }),
});

/** Whether an event asks for a rebuild, well-formed or not. */
export function isRebuild(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'rebuild' in value;
}

/**
 * Reads `{"rebuild": {"dryRun": false, "after": "2026-11-23T09:00:00Z", "productId": "prod-…", "nextToken": "…"}}`.
 *
 * @returns the request, or in words what is wrong with it
 */
export function readRebuildRequest(value: unknown): RebuildRequest | { readonly problem: string } {
  const parsed = event.safeParse(value);
  if (!parsed.success) {
    return { problem: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`).join('; ') };
  }
  const { nextToken: start = { done: 0 }, after, productId: product, dryRun } = parsed.data.rebuild;
  return defined({ dryRun, position: start, after, productId: product });
}

export function encodePosition(value: Position): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
