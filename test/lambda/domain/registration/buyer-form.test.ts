import { BuyerFormResult, DEFAULT_FIELDS, readBuyerForm, readValues, valuesOf } from '../../../../lambda/domain/registration/buyer-form';
import type { RegistrationFieldConfig } from '../../../../src/names';
import { DETAILS } from '../../../support/buyer-details';

const NOW = Date.parse('2026-11-23T09:00:00.000Z');

function read(values: Record<string, string>, fields = DEFAULT_FIELDS): BuyerFormResult {
  return readBuyerForm(fields, (name) => values[name] ?? null, NOW);
}

function problem(field: RegistrationFieldConfig, value: string): string | undefined {
  const result = read({ ...DETAILS, [field.name]: value }, [...DEFAULT_FIELDS, field]);
  return result.ok ? undefined : result.problems[field.name];
}

test('a complete form gives the details, and no field that was not asked for', () => {
  expect(read({ ...DETAILS, isAdmin: 'yes' })).toEqual({ ok: true, details: DETAILS });
});

test('a required field that is missing or blank is named, and what was entered stays', () => {
  const { company, ...entered } = DETAILS;
  expect(read({ ...entered, contactName: '  ' })).toEqual({
    ok: false, values: { ...entered, contactName: '', company: '' }, problems: { contactName: 'MISSING', company: 'MISSING' },
  });
});

test.each([
  ['jo@example.com', undefined], ["o'neil+tag@sub.example.co.uk", undefined], ['jo@bücher.example', undefined],
  ['jo', 'EMAIL'], ['jo@example', 'EMAIL'], ['jo@@example.com', 'EMAIL'], ['jo smith@example.com', 'EMAIL'], ['<jo@example.com>', 'EMAIL'],
  [`${'x'.repeat(250)}@example.com`, 'TOO_LONG'], ['jo@exa\u0007mple.com', 'CONTROL'],
])('the email address %j has the problem %s', (email, expected) => {
  const result = read({ ...DETAILS, email });
  expect(result.ok ? undefined : result.problems.email).toBe(expected);
});

test.each([
  ['PHONE', '+49 (30) 123-456', undefined], ['PHONE', '12', 'PHONE'], ['PHONE', '---', 'PHONE'], ['PHONE', 'call me', 'PHONE'],
  ['CHOICE', 'small', undefined], ['CHOICE', 'huge', 'CHOICE'], ['NAME', 'Jo', undefined], ['COMPANY', 'Example', undefined],
  ['CONSENT', 'yes', undefined], ['CONSENT', 'no', 'CONSENT'],
  ['TEXT', 'x'.repeat(10), undefined], ['TEXT', 'x'.repeat(11), 'TOO_LONG'],
] as const)('the value of a field of kind %s, %j, has the problem %s', (kind, value, expected) => {
  expect(problem({ kind, name: 'extra', required: false, maxLength: kind === 'TEXT' ? 10 : 50, choices: ['small', 'large'] }, value)).toBe(expected);
});

test('invisible characters are removed, and letters are composed, before a value is checked', () => {
  expect(readValues(DEFAULT_FIELDS, () => ' \u202ee\u0301\u200b ')).toEqual(Object.fromEntries(DEFAULT_FIELDS.map(({ name }) => [name, 'é'])));
});

test('joiners stay, as they are letters of some languages', () => {
  expect(readValues(DEFAULT_FIELDS, () => 'می\u200cخواهم')).toMatchObject({ company: 'می\u200cخواهم' });
});

test('a choice that has no choices takes no value', () => {
  expect(problem({ kind: 'CHOICE', name: 'size', required: false, maxLength: 50 }, 'small')).toBe('CHOICE');
});

test('a form without an e-mail address, as the seller did not ask for one, gives an empty address', () => {
  const fields: RegistrationFieldConfig[] = [{ kind: 'PHONE', name: 'call', required: true, maxLength: 50 }];
  expect(read({ call: '+49 30 123' }, fields)).toStrictEqual({ ok: true, details: { email: '', phone: '+49 30 123' } });
});

test('a consent without a page is stored with its time', () => {
  const fields: RegistrationFieldConfig[] = [...DEFAULT_FIELDS, { kind: 'CONSENT', name: 'terms', required: true, maxLength: 3 }];
  const consents = { terms: { url: '', acceptedAt: '2026-11-23T09:00:00.000Z' } };
  expect(read({ ...DETAILS, terms: 'yes' }, fields)).toEqual({ ok: true, details: { ...DETAILS, consents } });
});

test('answers and consents that were given are stored by the names of their fields, a consent with its page and time', () => {
  const fields: RegistrationFieldConfig[] = [
    ...DEFAULT_FIELDS,
    { kind: 'TEXT', name: 'team', required: false, maxLength: 10 },
    { kind: 'TEXT', name: 'notes', required: false, maxLength: 10 },
    { kind: 'CHOICE', name: 'size', required: false, maxLength: 10, choices: ['small'] },
    { kind: 'CONSENT', name: 'news', required: false, maxLength: 3, url: 'https://example.com/news' },
    { kind: 'CONSENT', name: 'terms', required: true, maxLength: 3, url: 'https://example.com/terms' },
  ];
  const result = read({ ...DETAILS, team: 'Blue', size: 'small', terms: 'yes' }, fields);
  const consents = { terms: { url: 'https://example.com/terms', acceptedAt: '2026-11-23T09:00:00.000Z' } };
  expect(result).toEqual({ ok: true, details: { ...DETAILS, answers: { team: 'Blue', size: 'small' }, consents } });
  expect(valuesOf((result as Extract<BuyerFormResult, { ok: true }>).details)).toEqual({ ...DETAILS, team: 'Blue', size: 'small', terms: 'yes' });
});
