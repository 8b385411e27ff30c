import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { en } from 'zod/v4/locales';
import { type HandlerSettings, SETTINGS_FILE } from '../../../src/names';

// The small zod, without methods and messages of its own, starts faster.
z.config(en());

const text = z.string().check(z.minLength(1));
const positive = z.int().check(z.positive());
const metric = z.object({ name: text, unitsPerQuantity: z.string().check(z.regex(/^\d+(\.\d+)?$/, 'a decimal as a string')) });
const overage = z.object({ of: text, per: z.enum(['HOUR', 'MONTH', 'CONTRACT']) });
const dimension = z.object({
  name: text, kind: z.enum(['METERED', 'ENTITLED']), metrics: z.optional(z.array(metric)), overage: z.optional(overage),
});

function createRegistrationSchema() {
  const logo = z.object({ dataUri: z.string().check(z.startsWith('data:image/')), width: positive, height: positive });
  const color = z.string().check(z.regex(/^#[0-9a-f]{6}$/, 'a color like #4f3df5'));
  const words = z.record(z.string(), text);
  const formField = z.object({
    kind: z.enum(['EMAIL', 'COMPANY', 'NAME', 'PHONE', 'CHOICE', 'TEXT', 'CONSENT']),
    name: text,
    required: z.boolean(),
    maxLength: positive,
    label: z.optional(text),
    hint: z.optional(text),
    choices: z.optional(z.array(text)),
    url: z.optional(z.url()),
  });

  const emailWords = { subject: z.optional(text), paragraphs: z.optional(z.array(text)) };

  return z.object({
    signUpUrl: z.optional(z.url()),
    afterRegistration: z.optional(z.object({ kind: z.enum(['REDIRECT', 'HAND_OVER']), url: z.url() })),
    productName: z.optional(text),
    supportEmail: z.optional(text),
    supportUrl: z.optional(z.url()),
    loginUrl: z.optional(z.url()),
    listingUrl: z.optional(z.url()),
    termsUrl: z.optional(z.url()),
    privacyUrl: z.optional(z.url()),
    page: z.optional(z.object({
      brandName: z.optional(text),
      logo: z.optional(logo),
      darkLogo: z.optional(logo),
      colors: z.optional(z.object({ accent: color, onAccent: color, darkAccent: color, onDarkAccent: color })),
      fields: z.optional(z.array(formField).check(z.minLength(1))),
      nextSteps: z.optional(z.array(text)),
      languages: z.optional(z.array(z.object({
        tag: text,
        nextSteps: z.optional(z.array(text)),
        labels: z.optional(words),
        hints: z.optional(words),
        welcomeEmail: z.optional(z.object(emailWords)),
      }))),
    })),
    welcomeEmail: z.optional(z.object({
      ...emailWords,
      sender: text,
      replyTo: z.optional(text),
      confirmAddress: z.optional(z.boolean()),
    })),
    buyerDataRetentionSeconds: z.optional(z.number().check(z.positive())),
    basePath: z.optional(text),
  });
}

let registration: ReturnType<typeof createRegistrationSchema> | undefined;

/** Made when it is read: most handlers do not read it, and to make it takes a part of their cold start. */
export function registrationSchema(): ReturnType<typeof createRegistrationSchema> {
  return registration ??= createRegistrationSchema();
}

/** One schema for each setting. */
const SETTINGS: { readonly [K in keyof HandlerSettings]-?: () => z.ZodMiniType<NonNullable<HandlerSettings[K]>> } = {
  dimensions: () => z.array(dimension),
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
  const parsed = z.object(Object.fromEntries(names.map((name) => [name, SETTINGS[name]()]))).safeParse(content);
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
