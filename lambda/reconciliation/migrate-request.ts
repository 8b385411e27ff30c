import * as z from 'zod';
import { isCustomerIdentifier } from '../domain/subscription/legacy-customer';
import { licenseIdOf } from '../domain/subscription/license';
import { HOUR_MS } from '../domain/time';

export interface MigrateRequest {
  /** True: nothing is written. */
  readonly dryRun: boolean;
  /** Epoch milliseconds, the start of an hour; absent from a dry run that only lists who is left. */
  readonly cutOver?: number;
  /** Absent: all that are left. */
  readonly customers?: readonly { readonly customerIdentifier: string; readonly licenseArn?: string }[];
}

const identifier = z.string().refine(isCustomerIdentifier, 'must be a customer identifier');
const cutOver = z.iso.datetime({ offset: true, error: 'cutOver must be a time like 2026-12-01T10:00:00Z' }).transform((text) => Date.parse(text))
  .refine((time) => time % HOUR_MS === 0, 'cutOver must be the start of an hour, like 2026-12-01T10:00:00Z');
const customer = z.union([
  identifier.transform((customerIdentifier) => ({ customerIdentifier })),
  z.strictObject({
    customerIdentifier: identifier,
    licenseArn: z.string().refine((arn) => licenseIdOf(arn) !== undefined && arn.startsWith('arn:'), 'must be the ARN of a license'),
  }),
]);
const event = z.strictObject({
  migrate: z.strictObject({
    dryRun: z.boolean().default(true), cutOver: cutOver.optional(), customers: z.array(customer).min(1).max(200).optional(),
  }).refine(({ dryRun, cutOver: at }) => dryRun || at !== undefined, { error: 'cutOver is missing: the hour that is metered in neither way', path: ['cutOver'] }),
});

/** Whether an event asks for a migration, well-formed or not. */
export function isMigrate(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'migrate' in value;
}

/**
 * Reads `{"migrate": {"dryRun": false, "cutOver": "2026-12-01T10:00:00Z", "customers": ["ifAPi5AcF3"]}}`.
 *
 * @returns the request, or in words what is wrong with it
 */
export function readMigrateRequest(value: unknown): MigrateRequest | { readonly problem: string } {
  const parsed = event.safeParse(value);
  return parsed.success
    ? parsed.data.migrate as MigrateRequest
    : { problem: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`).join('; ') };
}
