import { RegistrationFieldConfig, RegistrationFieldKind } from './names';
import { checkInteger, checkText, checkUrl, invalidProp } from './private/validate';

/**
 * Options of a field whose label the pages know.
 *
 * @example
 * RegistrationField.phone({ required: false });
 */
export interface RegistrationFieldOptions {
  /**
   * Label of the field, 1 to 200 characters.
   *
   * @default - such as "Company", in the language of the page
   */
  readonly label?: string;

  /**
   * Explanation below the field, 1 to 300 characters.
   *
   * @default - none
   */
  readonly hint?: string;

  /**
   * Whether the buyer must fill it in.
   *
   * @default true
   */
  readonly required?: boolean;
}

/**
 * Options of the field for the e-mail address, which is always required.
 *
 * @example
 * RegistrationField.email({ hint: 'We send your invitation to this address.' });
 */
export interface RegistrationEmailOptions {
  /**
   * Label of the field, 1 to 200 characters.
   *
   * @default - "Work email", in the language of the page
   */
  readonly label?: string;

  /**
   * Explanation below the field, 1 to 300 characters.
   *
   * @default - none
   */
  readonly hint?: string;
}

/**
 * Options of a field with a question of yours.
 *
 * @example
 * RegistrationField.text('useCase', 'What will you use it for?', { maxLength: 500, required: false });
 */
export interface RegistrationAnswerOptions {
  /**
   * Explanation below the field, 1 to 300 characters.
   *
   * @default - none
   */
  readonly hint?: string;

  /**
   * Whether the buyer must answer it.
   *
   * @default true
   */
  readonly required?: boolean;

  /**
   * Characters that an answer has at most: 1 to 1,000. Only for texts.
   *
   * @default 200
   */
  readonly maxLength?: number;
}

/** Names that the form uses itself, and that objects have by nature. */
const RESERVED = ['email', 'contactName', 'company', 'phone', 'csrf', 'lang', 'constructor', 'answers', 'consents'];

/** AWS Marketplace forbids to ask buyers for payment data (docs/marketplace-facts.md#f-1-6). */
const PAYMENT = /\bcard\b|card.?(?:number|holder|expiry)|\biban\b|\bbic\b|swift.?code|\bcvc|\bcvv|payment|pay.?pal|billing.?(?:account|address)|\bbank\b|(?:sort|routing).?(?:code|number)/i;

/**
 * A field of the form of the hosted page. AWS Marketplace allows any but payment data.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-guidelines.html
 * @example
 * Registration.hostedPage({
 *   productName: 'Acme Backup',
 *   fields: [
 *     RegistrationField.email({ hint: 'We send your invitation to this address.' }),
 *     RegistrationField.contactName(),
 *     RegistrationField.company(),
 *     RegistrationField.choice('teamSize', 'Team size', ['1 to 10', '11 to 50', 'more']),
 *     RegistrationField.consent('terms', 'I accept the terms of service.', 'https://www.example.com/terms'),
 *   ],
 * });
 */
export class RegistrationField {
  /**
   * The e-mail address. The form always has it, and has it first: give it to change its label or hint.
   *
   * @param options label and hint
   */
  public static email(options: RegistrationEmailOptions = {}): RegistrationField {
    return new RegistrationField('EMAIL', 'email', 254, options);
  }

  /**
   * The buyer's company.
   *
   * @param options label, hint, and whether it is required
   */
  public static company(options: RegistrationFieldOptions = {}): RegistrationField {
    return new RegistrationField('COMPANY', 'company', 200, options);
  }

  /**
   * The buyer's own name, stored as `contactName`.
   *
   * @param options label, hint, and whether it is required
   */
  public static contactName(options: RegistrationFieldOptions = {}): RegistrationField {
    return new RegistrationField('NAME', 'contactName', 200, options);
  }

  /**
   * A phone number.
   *
   * @param options label, hint, and whether it is required
   */
  public static phone(options: RegistrationFieldOptions = {}): RegistrationField {
    return new RegistrationField('PHONE', 'phone', 40, options);
  }

  /**
   * A question with a list of answers, stored in `answers`.
   *
   * @param id name of the answer: a letter, then up to 39 letters and digits
   * @param label the question, 1 to 200 characters
   * @param choices 2 to 50 answers of 1 to 100 characters each
   * @param options hint, and whether it is required
   */
  public static choice(id: string, label: string, choices: string[], options: RegistrationAnswerOptions = {}): RegistrationField {
    const path = `fields.${id}.choices`;
    if (choices.length < 2 || choices.length > 50 || new Set(choices).size !== choices.length) {
      throw invalidProp(path, choices, 'give 2 to 50 different answers');
    }
    choices.forEach((choice) => checkText(path, choice, 100));
    return new RegistrationField('CHOICE', id, 100, { ...options, label, choices: choices.map((choice) => choice.trim().normalize('NFC')) });
  }

  /**
   * A question with a text of one line as its answer, stored in `answers`.
   *
   * @param id name of the answer: a letter, then up to 39 letters and digits
   * @param label the question, 1 to 200 characters
   * @param options hint, length, and whether it is required
   */
  public static text(id: string, label: string, options: RegistrationAnswerOptions = {}): RegistrationField {
    const { maxLength = 200 } = options;
    checkInteger(`fields.${id}.maxLength`, maxLength, 1, 1000);
    return new RegistrationField('TEXT', id, maxLength, { ...options, label });
  }

  /**
   * A box to tick. The URL and the time of the consent are stored in `consents`.
   *
   * @param id name of the consent: a letter, then up to 39 letters and digits
   * @param label what the buyer agrees to, 1 to 200 characters
   * @param url the terms that the buyer agrees to, an https URL
   * @param options hint, and whether it is required
   */
  public static consent(id: string, label: string, url: string, options: RegistrationAnswerOptions = {}): RegistrationField {
    checkText(`fields.${id}.url`, url, 500);
    checkUrl(`fields.${id}.url`, url);
    return new RegistrationField('CONSENT', id, 3, { ...options, label, url });
  }

  /**
   * E-mail first; every name once.
   *
   * @internal
   */
  public static _configs(fields: RegistrationField[]): RegistrationFieldConfig[] {
    const given = fields.map((field) => field._config());
    const email = given.find(({ kind }) => kind === 'EMAIL') ?? RegistrationField.email()._config();
    const all = [email, ...given.filter((field) => field !== email)];
    const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index);
    if (twice) {
      throw invalidProp('fields', twice.name, 'give each field once');
    }
    if (all.length > 20) {
      throw invalidProp('fields', `${all.length} fields`, 'give at most 20, the e-mail address included');
    }
    return all;
  }

  private readonly config: RegistrationFieldConfig;

  private constructor(
    kind: RegistrationFieldKind,
    name: string,
    maxLength: number,
    { label, hint, required = true, choices, url }: RegistrationFieldOptions & { readonly choices?: string[]; readonly url?: string },
  ) {
    const path = `fields.${name}`;
    const isAnswer = ['CHOICE', 'TEXT', 'CONSENT'].includes(kind);
    if (isAnswer && (!/^[A-Za-z][A-Za-z0-9]{0,39}$/.test(name) || RESERVED.includes(name))) {
      throw invalidProp(path, name, `give a letter, then up to 39 letters and digits, and none of ${RESERVED.join(', ')}`);
    }
    if (label !== undefined) {
      checkText(`${path}.label`, label, 200);
    }
    if (hint !== undefined) {
      checkText(`${path}.hint`, hint, 300);
    }
    const asked = `${name.replace(/([a-z])([A-Z])/g, '$1 $2')} ${label ?? ''}`;
    if (PAYMENT.test(asked)) {
      throw invalidProp(path, label ?? name, 'ask for no payment data: AWS Marketplace bills the buyer, and forbids to collect any');
    }
    this.config = { kind, name, required, maxLength, label, hint, choices, url };
  }

  /** @internal */
  public _config(): RegistrationFieldConfig {
    return this.config;
  }
}
