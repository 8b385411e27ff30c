import { RegistrationFieldConfig, RegistrationLanguageConfig } from './names';
import { checkText, invalidProp } from './private/validate';
import { checkWords } from './private/welcome-email-words';
import { WelcomeEmailWords } from './welcome-email';

/**
 * Your words in another language. What is not given is shown in English, and is marked as English for screen readers.
 *
 * @example
 * RegistrationLanguage.german({
 *   nextSteps: ['In wenigen Minuten geht eine Einladung an {email}.'],
 *   labels: { teamSize: 'Teamgröße' },
 * });
 */
export interface RegistrationWords {
  /**
   * What happens after registration: see `nextSteps` of the hosted page.
   *
   * @default - in English
   */
  readonly nextSteps?: string[];

  /**
   * Labels by id of the field: `email`, `contactName`, `company`, `phone`, or the id of a question.
   *
   * @default - the pages' own labels; those of questions in English
   */
  readonly labels?: { [id: string]: string };

  /**
   * Hints by id of the field.
   *
   * @default - in English
   */
  readonly hints?: { [id: string]: string };

  /**
   * Words in the welcome e-mail, to buyers who filled in the form in this language.
   *
   * @default - in English, where the e-mail has words of yours; the rest of it is in this language
   */
  readonly welcomeEmail?: WelcomeEmailWords;
}

/**
 * A language in which the pages are shown to buyers whose browser prefers it. English is always there: AWS Marketplace asks for it.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-guidelines.html
 * @example
 * Registration.hostedPage({ productName: 'Acme Backup', languages: [RegistrationLanguage.german()] });
 */
export class RegistrationLanguage {
  /**
   * German.
   *
   * @param words your own words in German
   */
  public static german(words: RegistrationWords = {}): RegistrationLanguage {
    return new RegistrationLanguage('de', words);
  }

  /**
   * French.
   *
   * @param words your own words in French
   */
  public static french(words: RegistrationWords = {}): RegistrationLanguage {
    return new RegistrationLanguage('fr', words);
  }

  private constructor(private readonly tag: string, private readonly words: RegistrationWords) {}

  /** @internal */
  public _config(fields: readonly RegistrationFieldConfig[]): RegistrationLanguageConfig {
    const { nextSteps, labels, hints, welcomeEmail } = this.words;
    nextSteps?.forEach((step, index) => checkText(`languages.${this.tag}.nextSteps[${index}]`, step, 300));
    for (const [kind, words] of Object.entries({ labels, hints })) {
      for (const [id, text] of Object.entries(words ?? {})) {
        if (!fields.some(({ name }) => name === id)) {
          throw invalidProp(`languages.${this.tag}.${kind}`, id, `give ids of fields: ${fields.map(({ name }) => name).join(', ')}`);
        }
        checkText(`languages.${this.tag}.${kind}.${id}`, text, kind === 'labels' ? 200 : 300);
      }
    }
    return { tag: this.tag, nextSteps, labels, hints, welcomeEmail: welcomeEmail && checkWords(`languages.${this.tag}.welcomeEmail`, welcomeEmail) };
  }
}
