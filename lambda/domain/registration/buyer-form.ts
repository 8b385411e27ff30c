/** A field of the form that the hosted page shows, and how it is read. */
interface FieldDefinition {
  readonly label: string;
  /** How messages to the buyer name it: "Enter your …". */
  readonly called: string;
  readonly type: 'text' | 'email';
  readonly autocomplete: string;
  readonly maxLength: number;
  readonly format?: { readonly pattern: RegExp; readonly problem: string };
}

/** Every field of the form, in its order: to add one, add it here. All are required. */
export const BUYER_FIELDS = {
  company: { label: 'Company', called: 'company name', type: 'text', autocomplete: 'organization', maxLength: 200 },
  contactName: { label: 'Your name', called: 'name', type: 'text', autocomplete: 'name', maxLength: 200 },
  email: {
    label: 'Email address',
    called: 'email address',
    type: 'email',
    autocomplete: 'email',
    maxLength: 254,
    format: {
      // One @ between what has no spaces, and a domain: anything stricter refuses real addresses (docs/marketplace-facts.md#f-1-6).
      pattern: /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/,
      problem: 'Enter an email address like name@example.com.',
    },
  },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

export type BuyerField = keyof typeof BUYER_FIELDS;

/** What buyers enter about themselves: personal data, kept in the registrations table and nowhere else. */
export type BuyerDetails = Readonly<Record<BuyerField, string>>;

export type BuyerFormResult =
  | { readonly ok: true; readonly details: BuyerDetails }
  | { readonly ok: false; readonly values: BuyerDetails; readonly errors: Readonly<Partial<Record<BuyerField, string>>> };

const FIELDS = Object.entries(BUYER_FIELDS) as [BuyerField, FieldDefinition][];
const CONTROL = /\p{Cc}/u;

/** Takes the fields it knows from a form, and no others. */
export function readBuyerForm(field: (name: string) => string | null): BuyerFormResult {
  const values = Object.fromEntries(FIELDS.map(([name]) => [name, (field(name) ?? '').trim()])) as BuyerDetails;
  const problems = FIELDS.map(([name, definition]) => [name, problemOf(values[name], definition)] as const)
    .filter(([, problem]) => problem !== undefined);
  return problems.length === 0 ? { ok: true, details: values } : { ok: false, values, errors: Object.fromEntries(problems) };
}

function problemOf(value: string, { called, maxLength, format }: FieldDefinition): string | undefined {
  if (value === '') {
    return `Enter your ${called}.`;
  }
  if (value.length > maxLength) {
    return `Your ${called} must have at most ${maxLength} characters.`;
  }
  if (CONTROL.test(value)) {
    return `Your ${called} must not have line breaks or control characters.`;
  }
  return format === undefined || format.pattern.test(value) ? undefined : format.problem;
}
