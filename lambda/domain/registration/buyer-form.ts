import type { RegistrationFieldConfig } from '../../../src/names';
import { defined } from '../defined';
import { isoTime } from '../time';

/** The form when the seller chose no fields. */
export const DEFAULT_FIELDS: readonly RegistrationFieldConfig[] = [
  { kind: 'EMAIL', name: 'email', required: true, maxLength: 254 },
  { kind: 'NAME', name: 'contactName', required: true, maxLength: 200 },
  { kind: 'COMPANY', name: 'company', required: true, maxLength: 200 },
];

/** What buyers enter about themselves: personal data, kept in the registrations table and nowhere else. */
export interface BuyerDetails {
  readonly email: string;
  readonly contactName?: string;
  readonly company?: string;
  readonly phone?: string;
  /** To the seller's own questions, by name of the field. */
  readonly answers?: Readonly<Record<string, string>>;
  /** By name of the field. */
  readonly consents?: Readonly<Record<string, Consent>>;
  /** Of the page, such as `de`; absent: English. */
  readonly language?: string;
}

export interface Consent {
  /** What the buyer consented to. */
  readonly url: string;
  /** ISO 8601. */
  readonly acceptedAt: string;
}

/** What is wrong with the value of a field. */
export type FieldProblem = 'MISSING' | 'TOO_LONG' | 'CONTROL' | 'EMAIL' | 'PHONE' | 'CHOICE' | 'CONSENT';

/** What was entered, by name of the field. */
export type FormValues = Readonly<Record<string, string>>;

export type BuyerFormResult =
  | { readonly ok: true; readonly details: BuyerDetails }
  | { readonly ok: false; readonly values: FormValues; readonly problems: Readonly<Record<string, FieldProblem>> };

/** The value of a consent that was given. */
export const ACCEPTED = 'yes';

const CONTROL = /\p{Cc}/u;
/** Controls of writing direction and zero-width characters; joiners are letters of some languages. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/gu;
// One @ between what has no spaces, and a domain: anything stricter refuses real addresses (docs/marketplace-facts.md#f-1-6).
const EMAIL = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/;
const PHONE = /^(?=.*\p{Nd})[\p{Nd}+()./ \-x#*]{3,}$/u;

/** Takes the fields it knows from a form, and no others. `now` is epoch milliseconds. */
export function readBuyerForm(fields: readonly RegistrationFieldConfig[], field: (name: string) => string | null, now: number): BuyerFormResult {
  const values = readValues(fields, field);
  const problems = fields.flatMap((definition) => {
    const problem = problemOf(values[definition.name], definition);
    return problem === undefined ? [] : [[definition.name, problem] as const];
  });
  return problems.length === 0
    ? { ok: true, details: detailsOf(fields, values, now) }
    : { ok: false, values, problems: Object.fromEntries(problems) };
}

export function readValues(fields: readonly RegistrationFieldConfig[], field: (name: string) => string | null): FormValues {
  return Object.fromEntries(fields.map(({ name }) => [name, (field(name) ?? '').replace(INVISIBLE, '').normalize('NFC').trim()]));
}

/** What the form shows of stored details. */
export function valuesOf({ answers, consents, language, ...known }: BuyerDetails): FormValues {
  return { ...known, ...answers, ...Object.fromEntries(Object.keys(consents ?? {}).map((name) => [name, ACCEPTED])) };
}

function problemOf(value: string, { kind, required, maxLength, choices }: RegistrationFieldConfig): FieldProblem | undefined {
  if (value === '') {
    return required ? 'MISSING' : undefined;
  }
  if (value.length > maxLength) {
    return 'TOO_LONG';
  }
  if (CONTROL.test(value)) {
    return 'CONTROL';
  }
  switch (kind) {
    case 'EMAIL': return EMAIL.test(value) ? undefined : 'EMAIL';
    case 'PHONE': return PHONE.test(value) ? undefined : 'PHONE';
    case 'CHOICE': return choices?.includes(value) ? undefined : 'CHOICE';
    case 'CONSENT': return value === ACCEPTED ? undefined : 'CONSENT';
    default: return undefined;
  }
}

function detailsOf(fields: readonly RegistrationFieldConfig[], values: FormValues, now: number): BuyerDetails {
  const given = fields.filter(({ name }) => values[name]);
  const of = (...kinds: readonly RegistrationFieldConfig['kind'][]) => given.filter(({ kind }) => kinds.includes(kind));
  const one = (kind: RegistrationFieldConfig['kind']) => of(kind).map(({ name }) => values[name])[0];
  const answers = Object.fromEntries(of('TEXT', 'CHOICE').map(({ name }) => [name, values[name]]));
  const consents = Object.fromEntries(of('CONSENT').map(({ name, url = '' }) => [name, { url, acceptedAt: isoTime(now) }]));
  return defined({
    email: one('EMAIL') ?? '',
    contactName: one('NAME'),
    company: one('COMPANY'),
    phone: one('PHONE'),
    answers: Object.keys(answers).length === 0 ? undefined : answers,
    consents: Object.keys(consents).length === 0 ? undefined : consents,
  });
}
