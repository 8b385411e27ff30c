import { Token } from 'aws-cdk-lib';
import { RegistrationConfig } from './names';
import { invalidProp } from './private/validate';

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
}

/**
 * Where a buyer signs up after subscribing.
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
   * @param options what the page shows about the seller
   */
  public static hostedPage(options: RegistrationOptions = {}): Registration {
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
    checkUrl('registration.url', url);
    if (!Token.isUnresolved(url) && url.includes('#')) {
      throw invalidProp('registration.url', url, 'give a URL without a fragment');
    }
    return new Registration(options, url);
  }

  private constructor(private readonly options: RegistrationOptions, private readonly signUpUrl?: string) {
    const { productName, supportEmail, supportUrl, loginUrl } = options;
    if (productName !== undefined && !Token.isUnresolved(productName) && !/^.{1,200}$/u.test(productName)) {
      throw invalidProp('registration.productName', productName, 'give 1 to 200 characters on one line');
    }
    if (supportEmail !== undefined && !Token.isUnresolved(supportEmail) && !/^[^\s@<>"]{1,64}@[^\s@<>"]{1,189}$/.test(supportEmail)) {
      throw invalidProp('registration.supportEmail', supportEmail, 'give an e-mail address, such as support@example.com');
    }
    if (supportUrl !== undefined) {
      checkUrl('registration.supportUrl', supportUrl);
    }
    if (loginUrl !== undefined) {
      checkUrl('registration.loginUrl', loginUrl);
    }
  }

  /** @internal */
  public _config(): RegistrationConfig {
    const { productName, supportEmail, supportUrl, loginUrl } = this.options;
    return { signUpUrl: this.signUpUrl, productName, supportEmail, supportUrl, loginUrl };
  }
}

function checkUrl(path: string, url: string): void {
  if (Token.isUnresolved(url)) {
    return;
  }
  if (url.length > 500 || !URL.canParse(url) || new URL(url).protocol !== 'https:') {
    throw invalidProp(path, url, 'give an https URL of at most 500 characters');
  }
}
