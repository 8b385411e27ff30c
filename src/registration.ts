import { Token } from 'aws-cdk-lib';
import { AfterRegistration } from './after-registration';
import { RegistrationConfig, RegistrationPageConfig } from './names';
import { colorsOf, contrastOnPage, darkerShade, LEAST_CONTRAST } from './private/color';
import { checkEmailAddress, checkInstance, checkText, checkUrl, checkUrlWithoutFragment, invalidProp } from './private/validate';
import { RegistrationBrand } from './registration-brand';
import { RegistrationField } from './registration-field';
import { RegistrationLanguage } from './registration-language';
import { WelcomeEmail } from './welcome-email';

/**
 * What the pages that a buyer sees show about the seller. AWS asks for support contacts and a way to log in on them.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-guidelines.html
 * @example
 * Registration.hostedPage({ productName: 'Acme Backup', supportEmail: 'support@example.com', loginUrl: 'https://app.example.com' });
 */
export interface RegistrationOptions {
  /**
   * Name of the product, 1 to 200 characters.
   *
   * @default - the pages say "this product"
   */
  readonly productName?: string;

  /**
   * E-mail address of support.
   *
   * @default - none is shown
   */
  readonly supportEmail?: string;

  /**
   * Support page, an https URL.
   *
   * @default - none is shown
   */
  readonly supportUrl?: string;

  /**
   * Page on which users with an account log in, an https URL.
   *
   * @default - none is shown
   */
  readonly loginUrl?: string;

  /**
   * The listing in AWS Marketplace, an https URL, to which a buyer goes whose subscription has ended.
   *
   * @default - none is shown
   */
  readonly listingUrl?: string;

  /**
   * Terms of service, an https URL.
   *
   * @default - none are shown
   */
  readonly termsUrl?: string;

  /**
   * Privacy notice, an https URL.
   *
   * @default - none is shown
   */
  readonly privacyUrl?: string;

  /**
   * Name, logo and color of the pages.
   *
   * @default - the name of the product, and a blue
   */
  readonly brand?: RegistrationBrand;
}

/**
 * What the hosted page asks buyers for, and what it says. What is missing for the review by AWS Marketplace is a warning at synthesis.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-guidelines.html
 * @example
 * Registration.hostedPage({
 *   productName: 'Acme Backup',
 *   supportEmail: 'support@example.com',
 *   loginUrl: 'https://app.example.com',
 *   nextSteps: ['Within 5 minutes, an invitation goes to {email}.', 'Choose a password, and invite your team.'],
 * });
 */
export interface HostedPageOptions extends RegistrationOptions {
  /**
   * The fields of the form, in their order. The e-mail address is always there, and first.
   *
   * @default - e-mail address, name and company, all required
   */
  readonly fields?: RegistrationField[];

  /**
   * What happens after registration, step by step, 1 to 300 characters each. `{email}` stands for the buyer's address, most of it masked.
   * The pages show the log-in as the next action when there are steps: promise only what your app does.
   *
   * @default - the page says that the subscription is registered, and promises nothing
   */
  readonly nextSteps?: string[];

  /**
   * What follows when the buyer has filled in the form. With another than `AfterRegistration.page()`, buyers see `nextSteps` only when they come back.
   *
   * @default AfterRegistration.page()
   */
  readonly afterRegistration?: AfterRegistration;

  /**
   * An e-mail to each buyer who has filled in the form, for which registration does not wait. The confirmation says that it is under way.
   *
   * @default - none: the integration writes to no buyer
   */
  readonly welcomeEmail?: WelcomeEmail;

  /**
   * Languages of the pages beside English.
   *
   * @default - English only
   */
  readonly languages?: RegistrationLanguage[];
}

/**
 * Where a buyer signs up after subscribing: on the hosted page, on your own page with a one-time code, or on the hosted page and
 * then, with a code, in your app (`afterRegistration`).
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-product-customer-setup.html
 * @example
 * // The seller's own sign-up page gets a one-time code, which its backend redeems for the buyer's data.
 * const marketplace = new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   registration: Registration.ownSignUp('https://app.example.com/signup', { productName: 'Acme Backup' }),
 * });
 * marketplace.grantClaimRegistration(api);
 */
export class Registration {
  /**
   * The integration's own page: a form that works without JavaScript.
   *
   * @param options what the page shows about the seller, and asks buyers for
   */
  public static hostedPage(options: HostedPageOptions = {}): Registration {
    return new Registration(options);
  }

  /**
   * The seller's own sign-up page. The buyer arrives there with a one-time code, which the seller's backend redeems: see
   * `grantClaimRegistration`.
   *
   * @param url an https URL without a fragment; a token is fine
   * @param options what the integration's error pages show about the seller
   */
  public static ownSignUp(url: string, options: RegistrationOptions = {}): Registration {
    checkUrlWithoutFragment('registration.url', url);
    return new Registration(options, url);
  }

  private readonly page: RegistrationPageConfig | undefined;

  private constructor(private readonly options: HostedPageOptions, private readonly signUpUrl?: string) {
    const { productName, supportEmail, supportUrl, loginUrl, listingUrl, termsUrl, privacyUrl } = options;
    if (productName !== undefined && !Token.isUnresolved(productName) && !/^.{1,200}$/u.test(productName)) {
      throw invalidProp('registration.productName', productName, 'give 1 to 200 characters on one line');
    }
    if (supportEmail !== undefined) {
      checkEmailAddress('registration.supportEmail', supportEmail);
    }
    checkInstance('registration.welcomeEmail', options.welcomeEmail, WelcomeEmail, 'WelcomeEmail.ses()');
    for (const [name, url] of Object.entries({ supportUrl, loginUrl, listingUrl, termsUrl, privacyUrl })) {
      if (url !== undefined) {
        checkUrl(`registration.${name}`, url);
      }
    }
    this.page = pageConfig(options);
  }

  /**
   * What AWS Marketplace's review asks of these pages and is missing.
   *
   * @internal
   */
  public _missingForReview(): string[] {
    const { productName, supportEmail, supportUrl, loginUrl, nextSteps, afterRegistration } = this.options;
    const continuesElsewhere = this.signUpUrl !== undefined || afterRegistration?._config() !== undefined;
    const isMissing = (value: unknown) => value === undefined;
    return [
      ...isMissing(productName) ? ['productName (the pages say "this product")'] : [],
      ...isMissing(supportEmail) && isMissing(supportUrl) ? ['supportEmail or supportUrl (contacts of support)'] : [],
      ...isMissing(loginUrl) && isMissing(this.signUpUrl) ? ['loginUrl (users with an account log in from the page)'] : [],
      ...isMissing(nextSteps) && !continuesElsewhere ? ['nextSteps (how and when the buyer gets access)'] : [],
    ];
  }

  /** @internal */
  public _welcomeEmail(): WelcomeEmail | undefined {
    return this.options.welcomeEmail;
  }

  /**
   * Buyers enter nothing here: they sign up on the seller's own page.
   *
   * @internal
   */
  public _isOwnSignUp(): boolean {
    return this.signUpUrl !== undefined;
  }

  /** @internal */
  public _config(): RegistrationConfig {
    const { productName, supportEmail, supportUrl, loginUrl, listingUrl, termsUrl, privacyUrl, afterRegistration } = this.options;
    return {
      signUpUrl: this.signUpUrl,
      afterRegistration: afterRegistration?._config(),
      productName,
      supportEmail,
      supportUrl,
      loginUrl,
      listingUrl,
      termsUrl,
      privacyUrl,
      page: this.page,
      welcomeEmail: this.options.welcomeEmail?._config(),
    };
  }
}

function pageConfig({ brand = {}, fields, nextSteps, languages }: HostedPageOptions): RegistrationPageConfig | undefined {
  const { name, logo, darkLogo, accentColor } = brand;
  if (name !== undefined) {
    checkText('registration.brand.name', name, 100);
  }
  if (darkLogo !== undefined && logo === undefined) {
    throw invalidProp('registration.brand.logo', logo, 'give a logo where there is a darkLogo');
  }
  nextSteps?.forEach((step, index) => checkText(`registration.nextSteps[${index}]`, step, 300));
  if (nextSteps !== undefined && (nextSteps.length === 0 || nextSteps.length > 10)) {
    throw invalidProp('registration.nextSteps', nextSteps, 'give 1 to 10 steps');
  }
  const asked = RegistrationField._configs(fields ?? [RegistrationField.contactName(), RegistrationField.company()]);
  const page: RegistrationPageConfig = {
    brandName: name,
    logo: logo?._config(),
    darkLogo: darkLogo?._config(),
    colors: accentColor === undefined ? undefined : colorsOf(checkedColor(accentColor)),
    fields: fields && asked,
    nextSteps,
    languages: languages?.map((language) => language._config(asked)),
  };
  return Object.values(page).some((value) => value !== undefined) ? page : undefined;
}

function checkedColor(color: string): string {
  const path = 'registration.brand.accentColor';
  if (!/^#[0-9a-f]{6}$/i.test(color)) {
    throw invalidProp(path, color, 'give a color such as #4f3df5');
  }
  const contrast = contrastOnPage(color);
  if (contrast < LEAST_CONTRAST) {
    throw invalidProp(path, color, `its contrast as text on the page is ${contrast.toFixed(2)}, and ${LEAST_CONTRAST} is the least that all buyers can read: `
      + `${darkerShade(color)} is the nearest darker shade`);
  }
  return color.toLowerCase();
}
