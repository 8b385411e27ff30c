/** The words of the welcome e-mail in one language. They promise nothing that depends on the seller. */
export interface EmailTexts {
  readonly thisProduct: string;
  readonly subject: (product: string) => string;
  readonly registered: (product: string) => string;
  readonly next: string;
  readonly confirm: string;
  readonly confirmButton: string;
  readonly confirmLimit: string;
  readonly logIn: (product: string) => string;
  readonly questions: string;
  /** `account`: the end of the number of the buyer's AWS account. */
  readonly why: (product: string, account: string) => string;
}

const ENGLISH: EmailTexts = {
  thisProduct: 'your product',
  subject: (product) => `Your subscription to ${product} is registered`,
  registered: (product) => `Your AWS Marketplace subscription to ${product} is registered for this email address.`,
  next: 'What happens next',
  confirm: 'Please confirm that this address is yours:',
  confirmButton: 'Confirm email address',
  confirmLimit: 'The link works for 7 days.',
  logIn: (product) => `Log in to ${product}`,
  questions: 'Questions?',
  why: (product, account) => `You receive this email because this address was entered when an AWS account ending in ${account} registered its subscription to ${product}. `
    + 'If you do not know about that, ignore it.',
};

const GERMAN: EmailTexts = {
  thisProduct: 'Ihr Produkt',
  subject: (product) => `Ihr Abonnement von ${product} ist registriert`,
  registered: (product) => `Ihr AWS-Marketplace-Abonnement von ${product} ist für diese E-Mail-Adresse registriert.`,
  next: 'Wie es weitergeht',
  confirm: 'Bitte bestätigen Sie, dass diese Adresse Ihnen gehört:',
  confirmButton: 'E-Mail-Adresse bestätigen',
  confirmLimit: 'Der Link gilt 7 Tage.',
  logIn: (product) => `Bei ${product} anmelden`,
  questions: 'Fragen?',
  why: (product, account) => `Sie erhalten diese E-Mail, weil diese Adresse eingegeben wurde, als ein AWS-Konto mit der Endung ${account} sein Abonnement von ${product} `
    + 'registrierte. Wenn Sie davon nichts wissen, ignorieren Sie sie.',
};

const FRENCH: EmailTexts = {
  thisProduct: 'votre produit',
  subject: (product) => `Votre abonnement à ${product} est enregistré`,
  registered: (product) => `Votre abonnement AWS Marketplace à ${product} est enregistré pour cette adresse e-mail.`,
  next: 'Et maintenant',
  confirm: 'Veuillez confirmer que cette adresse est la vôtre :',
  confirmButton: 'Confirmer l’adresse e-mail',
  confirmLimit: 'Le lien est valable 7 jours.',
  logIn: (product) => `Se connecter à ${product}`,
  questions: 'Des questions ?',
  why: (product, account) => `Vous recevez cet e-mail parce que cette adresse a été saisie lorsqu’un compte AWS se terminant par ${account} a enregistré son abonnement à `
    + `${product}. Si vous n’êtes pas au courant, ignorez-le.`,
};

export const EMAIL_TEXTS: Readonly<Record<string, EmailTexts>> = { en: ENGLISH, de: GERMAN, fr: FRENCH };

export function emailTextsOf(language = 'en'): EmailTexts {
  return EMAIL_TEXTS[language] ?? ENGLISH;
}
