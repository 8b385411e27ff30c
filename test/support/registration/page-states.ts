import { welcomeEmail } from '../../../lambda/buyer-messages/welcome-email';
import type { BuyerEmail } from '../../../lambda/domain/registration/buyer-email';
import { DEFAULT_FIELDS, type FormValues } from '../../../lambda/domain/registration/buyer-form';
import type { RegistrationSession } from '../../../lambda/domain/registration/session';
import { confirmedPage, confirmPage } from '../../../lambda/registration/pages/confirm';
import { formPage, type FormState } from '../../../lambda/registration/pages/form';
import type { Html, PageContext } from '../../../lambda/registration/pages/layout';
import { refusalPage, tryAgainPage, welcomePage } from '../../../lambda/registration/pages/messages';
import { alreadyRegisteredPage, confirmationPage, endedPage } from '../../../lambda/registration/pages/registered';
import { ENGLISH } from '../../../lambda/registration/pages/texts/english';
import { chooseLanguage } from '../../../lambda/registration/pages/texts/languages';
import type { RefusalText } from '../../../lambda/registration/pages/texts/texts';
import type { RegistrationConfig } from '../../../src/names';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40"><rect width="40" height="40" rx="10" fill="#4f3df5"/><path d="M20 9 31 30h-6l-5-9-5 9H9z" fill="#fff"/></svg>';

/** A seller who has chosen everything. */
export const ACME: RegistrationConfig = {
  productName: 'Acme Analytics',
  supportEmail: 'support@acme.example',
  supportUrl: 'https://acme.example/help',
  loginUrl: 'https://app.acme.example/login',
  listingUrl: 'https://aws.amazon.com/marketplace/pp/prodview-acme',
  termsUrl: 'https://acme.example/terms',
  privacyUrl: 'https://acme.example/privacy',
  page: {
    brandName: 'Acme',
    logo: { dataUri: `data:image/svg+xml;base64,${Buffer.from(LOGO).toString('base64')}`, width: 40, height: 40 },
    colors: { accent: '#4f3df5', onAccent: '#ffffff', darkAccent: '#a99dff', onDarkAccent: '#000000' },
    fields: [
      { ...DEFAULT_FIELDS[0]!, hint: 'We send your log-in to this address.' },
      ...DEFAULT_FIELDS.slice(1),
      { kind: 'PHONE', name: 'phone', required: false, maxLength: 40 },
    ],
    nextSteps: [
      'Within 5 minutes, an invitation goes to {email}.',
      'Choose a password and invite your team.',
      'Questions on setting up? Our onboarding team answers within a day.',
    ],
    languages: [{ tag: 'fr' }, {
      tag: 'de',
      hints: { email: 'An diese Adresse senden wir Ihre Zugangsdaten.' },
      nextSteps: ['Innerhalb von 5 Minuten geht eine Einladung an {email}.', 'Wählen Sie ein Passwort und laden Sie Ihr Team ein.'],
    }],
  },
};

/** A seller who writes to buyers, and asks them to confirm their address. */
export const WELCOMING: RegistrationConfig = { ...ACME, welcomeEmail: { sender: 'Acme <hello@acme.example>', confirmAddress: true } };

/** Fields of every kind. */
export const ASKING: RegistrationConfig = {
  ...ACME,
  page: {
    ...ACME.page,
    fields: [
      ...ACME.page?.fields ?? [],
      { kind: 'CHOICE', name: 'teamSize', label: 'Team size', required: true, maxLength: 100, choices: ['1–10', '11–50', 'More'] },
      { kind: 'TEXT', name: 'useCase', label: 'What will you use it for?', required: false, maxLength: 500 },
      { kind: 'CONSENT', name: 'terms', label: 'I accept the terms of service.', required: true, maxLength: 3, url: 'https://acme.example/terms' },
    ],
  },
};

/** A product, a company and an address of the greatest length, without a space, right to left, and in markup. */
const LONG: RegistrationConfig = {
  ...ACME,
  productName: 'W'.repeat(200),
  supportEmail: `${'s'.repeat(64)}@${'a'.repeat(60)}.${'b'.repeat(60)}.example`,
  page: { ...ACME.page, brandName: 'شركة التحليلات المتقدمة <b>', logo: undefined },
};

const SESSION: RegistrationSession = {
  registrationId: 'r-1', customerAwsAccountId: '111122220049', productCode: 'p', licenseId: 'l-1', resolvedAt: 0, freeTrialHint: true,
};
const EMAIL = 'jo@example.com';
const VALUES: FormValues = { email: 'jo@example', contactName: 'Jo Doe', company: 'Example Corp', phone: '' };
const REFERENCE = '2f1c9a44-0d4b-4e9f-9a44-1c7c3f0e5a0b';

export function contextOf(config: RegistrationConfig, language?: string, self?: string): PageContext {
  return { config, language: chooseLanguage(config, language, undefined), reference: REFERENCE, ...self !== undefined && { self } };
}

const form = (config: RegistrationConfig, state: Partial<FormState> = {}, language?: string) =>
  formPage(contextOf(config, language, 'edit'), { csrfToken: 'c'.repeat(43), action: './x', session: SESSION, ...state });
const registered = { continueAction: './continue', csrfToken: 'c'.repeat(43), session: { ...SESSION, firstRegisteredAt: Date.parse('2026-11-20T10:00:00Z') }, email: EMAIL, editUrl: './edit' };

const BUYER: BuyerEmail = { registrationId: 'r-1', customerAwsAccountId: '111122220049', productCode: 'p', email: EMAIL, emailHash: 'h' };
const CONFIRM_URL = 'https://marketplace.acme.example/confirm/1c7c3f0e-5a0b-4e9f-9a44-0d4b1f0c6b11.vJ3nQ0sJ2kX9bq7LrZ4mT8wY1cF5hA6dE0gI2oP3uS4';

/** The welcome e-mail, by name. */
export async function emailStates(): Promise<Record<string, string>> {
  const email = async (config: RegistrationConfig, language?: string, url?: string) =>
    (await welcomeEmail(config, { ...BUYER, ...language !== undefined && { language } }, url)).html;
  return {
    'email': await email(WELCOMING, undefined, CONFIRM_URL),
    'email-german': await email(WELCOMING, 'de', `${CONFIRM_URL}?lang=de`),
    'email-french': await email(WELCOMING, 'fr', `${CONFIRM_URL}?lang=fr`),
    'email-own-words': await email({ ...WELCOMING, welcomeEmail: { sender: 'a@acme.example', subject: 'Welcome to Acme', paragraphs: ['Good to have you.', 'Your workspace is being made ready.'] } }),
    'email-defaults': await email({ welcomeEmail: { sender: 'a@acme.example' } }),
    'email-long-names': await email(LONG, undefined, CONFIRM_URL),
  };
}

/** Every state of every page, by name. */
export async function pageStates(): Promise<Record<string, string>> {
  const acme = contextOf(ACME);
  const pages: Record<string, Html> = {
    'form': form(ACME),
    'form-problem': form(ACME, { values: VALUES, problems: { email: 'EMAIL' } }),
    'form-not-saved': form(ACME, { values: { ...VALUES, email: EMAIL }, notSaved: true }),
    'form-all-fields': form(ASKING, { values: { ...VALUES, useCase: 'שלום עולם' }, problems: { email: 'EMAIL', teamSize: 'MISSING', terms: 'MISSING' } }),
    'form-german': form(ACME, { values: VALUES, problems: { email: 'EMAIL' } }, 'de'),
    'form-french': form(ACME, { values: VALUES, problems: { email: 'EMAIL' } }, 'fr'),
    'registered-french': confirmationPage(contextOf(ACME, 'fr', 'x'), registered),
    'form-defaults': form({}, {}),
    'form-long-names': form(LONG),
    'registered': confirmationPage(contextOf(ACME, undefined, 'x'), registered),
    'registered-handed-over': confirmationPage(contextOf({ ...ACME, afterRegistration: { kind: 'HAND_OVER', url: 'https://app.acme.example/welcome' } }), registered),
    'registered-german': confirmationPage(contextOf(ACME, 'de', 'x'), registered),
    'registered-defaults': confirmationPage(contextOf({}), registered),
    'registered-long-names': confirmationPage(contextOf(LONG), { ...registered, email: `${'e'.repeat(60)}@${'x'.repeat(180)}.example` }),
    'registered-not-activated': confirmationPage(contextOf(ACME, undefined, 'x'), { ...registered, pendingReason: 'NOT_ACTIVATED' }),
    'registered-starts-later-german': confirmationPage(contextOf(ACME, 'de', 'x'), { ...registered, pendingReason: 'STARTS_LATER' }),
    'registered-email': confirmationPage(contextOf(WELCOMING, undefined, 'x'), registered),
    'registered-email-french': confirmationPage(contextOf(WELCOMING, 'fr', 'x'), registered),
    'confirm': confirmPage(contextOf(WELCOMING, undefined, 'x'), EMAIL, 'x'),
    'confirm-german': confirmPage(contextOf(WELCOMING, 'de', 'x'), EMAIL, 'x'),
    'confirm-long-names': confirmPage(contextOf(LONG, undefined, 'x'), `${'e'.repeat(60)}@${'x'.repeat(180)}.example`, 'x'),
    'confirmed': confirmedPage(contextOf(WELCOMING, undefined, 'x'), EMAIL),
    'confirmed-french': confirmedPage(contextOf(WELCOMING, 'fr', 'x'), EMAIL),
    'already-registered': alreadyRegisteredPage(acme, registered),
    'ended': endedPage(acme, { ...SESSION, endedAt: Date.parse('2026-11-20T10:00:00Z') }),
    'welcome': welcomePage(contextOf(ACME, undefined, './')),
    'try-again': tryAgainPage(acme, './', { 'x-amzn-marketplace-token': 't"<' }),
    'invalid-without-support': refusalPage(contextOf({}), 'INVALID'),
    'expired-german': refusalPage(contextOf(ACME, 'de'), 'EXPIRED'),
  };
  for (const reason of Object.keys(ENGLISH.refusals) as RefusalText[]) {
    pages[`refused-${reason.toLowerCase().replace(/_/g, '-')}`] = refusalPage(acme, reason);
  }
  return Object.fromEntries(await Promise.all(Object.entries(pages).map(async ([name, page]) => [name, String(await page)] as const)));
}
