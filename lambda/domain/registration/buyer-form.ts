/** What the buyer tells about themselves: personal data, kept in the registrations table and nowhere else. */
export interface BuyerDetails {
  readonly company: string;
  readonly contactName: string;
  readonly email: string;
}

export type BuyerField = keyof BuyerDetails;

export type BuyerFormResult =
  | { readonly ok: true; readonly details: BuyerDetails }
  | { readonly ok: false; readonly values: BuyerDetails; readonly errors: Readonly<Partial<Record<BuyerField, string>>> };

export const MAX_LENGTH: Readonly<Record<BuyerField, number>> = { company: 200, contactName: 200, email: 254 };

const NAMES: Readonly<Record<BuyerField, string>> = { company: 'company name', contactName: 'name', email: 'email address' };
/** One @ between what has no spaces, and a domain: anything stricter turns real addresses away (docs/marketplace-facts.md#f-1-6). */
const EMAIL = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/;
const CONTROL = /\p{Cc}/u;

/** Takes the fields it knows from a form, and no others. */
export function readBuyerForm(field: (name: string) => string | null): BuyerFormResult {
  const values: BuyerDetails = {
    company: (field('company') ?? '').trim(),
    contactName: (field('contactName') ?? '').trim(),
    email: (field('email') ?? '').trim(),
  };
  const errors: Partial<Record<BuyerField, string>> = {};
  for (const name of Object.keys(values) as BuyerField[]) {
    const problem = problemOf(name, values[name]);
    if (problem !== undefined) {
      errors[name] = problem;
    }
  }
  return Object.keys(errors).length === 0 ? { ok: true, details: values } : { ok: false, values, errors };
}

function problemOf(name: BuyerField, value: string): string | undefined {
  if (value === '') {
    return `Enter your ${NAMES[name]}.`;
  }
  if (value.length > MAX_LENGTH[name]) {
    return `Your ${NAMES[name]} must have at most ${MAX_LENGTH[name]} characters.`;
  }
  if (CONTROL.test(value)) {
    return `Your ${NAMES[name]} must not have line breaks or control characters.`;
  }
  return name === 'email' && !EMAIL.test(value) ? 'Enter an email address like name@example.com.' : undefined;
}
