import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod';
import { type HandlerSettings, SETTINGS_FILE } from '../../../src/names';

const text = z.string().min(1);
const metric = z.object({ name: text, unitsPerQuantity: z.string().regex(/^\d+(\.\d+)?$/, 'a decimal as a string') });
const overage = z.object({ of: text, per: z.enum(['HOUR', 'MONTH', 'CONTRACT']) });
const dimension = z.object({
  name: text, kind: z.enum(['METERED', 'ENTITLED']), metrics: z.array(metric).optional(), overage: overage.optional(),
});

const logo = z.object({ dataUri: z.string().startsWith('data:image/'), width: z.int().positive(), height: z.int().positive() });
const color = z.string().regex(/^#[0-9a-f]{6}$/, 'a color like #4f3df5');
const words = z.record(z.string(), text);
const formField = z.object({
  kind: z.enum(['EMAIL', 'COMPANY', 'NAME', 'PHONE', 'CHOICE', 'TEXT', 'CONSENT']),
  name: text,
  required: z.boolean(),
  maxLength: z.int().positive(),
  label: text.optional(),
  hint: text.optional(),
  choices: z.array(text).optional(),
  url: z.url().optional(),
});

export const registrationSchema = z.object({
  signUpUrl: z.url().optional(),
  afterRegistration: z.object({ kind: z.enum(['REDIRECT', 'HAND_OVER']), url: z.url() }).optional(),
  productName: text.optional(),
  supportEmail: text.optional(),
  supportUrl: z.url().optional(),
  loginUrl: z.url().optional(),
  listingUrl: z.url().optional(),
  termsUrl: z.url().optional(),
  privacyUrl: z.url().optional(),
  page: z.object({
    brandName: text.optional(),
    logo: logo.optional(),
    darkLogo: logo.optional(),
    colors: z.object({ accent: color, onAccent: color, darkAccent: color, onDarkAccent: color }).optional(),
    fields: z.array(formField).min(1).optional(),
    nextSteps: z.array(text).optional(),
    languages: z.array(z.object({ tag: text, nextSteps: z.array(text).optional(), labels: words.optional(), hints: words.optional() })).optional(),
  }).optional(),
  buyerDataRetentionSeconds: z.number().positive().optional(),
  basePath: text.optional(),
});

/** One schema for each setting. */
const SETTINGS: { readonly [K in keyof HandlerSettings]-?: z.ZodType<NonNullable<HandlerSettings[K]>> } = {
  dimensions: z.array(dimension),
  registration: registrationSchema,
};

/**
 * Reads the named settings from the file beside the handler's code, once, at the start of the handler.
 *
 * @throws Error that names the file, every field that is wrong, and what would be right
 */
export function readSettings<K extends keyof HandlerSettings>(
  environment: Readonly<Record<string, string | undefined>>, ...names: readonly K[]
): Required<Pick<HandlerSettings, K>> {
  const file = path.join(environment.LAMBDA_TASK_ROOT ?? '.', SETTINGS_FILE);
  const content: unknown = parse(file);
  const parsed = z.object(Object.fromEntries(names.map((name) => [name, SETTINGS[name]]))).safeParse(content);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(({ path: field, message }) => `${SETTINGS_FILE}: ${fieldName(field)}: ${message}.`).join(' '));
  }
  return parsed.data as unknown as Required<Pick<HandlerSettings, K>>;
}

/** Like `dimensions[0].name`. */
function fieldName(field: readonly PropertyKey[]): string {
  return field.map((part) => typeof part === 'number' ? `[${part}]` : `.${String(part)}`).join('').slice(1);
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`The settings of the function cannot be read from ${file}: ${(error as Error).message}. Deploy the stack again.`);
  }
}
