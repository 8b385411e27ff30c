import { AfterRegistrationConfig } from './names';
import { checkUrlWithoutFragment } from './private/validate';

/**
 * What follows when a buyer has filled in the hosted page.
 *
 * @example
 * // Buyers fill in the hosted page, and continue in the app with a one-time code, which its backend redeems.
 * const marketplace = new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   registration: Registration.hostedPage({
 *     productName: 'Acme Backup',
 *     afterRegistration: AfterRegistration.handOver('https://app.example.com/welcome'),
 *   }),
 * });
 * marketplace.grantClaimRegistration(api);
 */
export class AfterRegistration {
  /** A page that confirms the registration, with the `nextSteps` of the hosted page. */
  public static page(): AfterRegistration {
    return new AfterRegistration();
  }

  /**
   * A page of yours, which gets nothing about the buyer.
   *
   * @param url an https URL without a fragment; a token is fine
   */
  public static redirect(url: string): AfterRegistration {
    checkUrlWithoutFragment('registration.afterRegistration.url', url);
    return new AfterRegistration({ kind: 'REDIRECT', url });
  }

  /**
   * Your app, with a one-time code as the parameter `code`. Its backend redeems the code as with `Registration.ownSignUp`: see
   * `grantClaimRegistration`. The buyer is registered already, whether or not the code is redeemed.
   *
   * @param url an https URL without a fragment; a token is fine
   */
  public static handOver(url: string): AfterRegistration {
    checkUrlWithoutFragment('registration.afterRegistration.url', url);
    return new AfterRegistration({ kind: 'HAND_OVER', url });
  }

  private constructor(private readonly config?: AfterRegistrationConfig) {}

  /** @internal */
  public _config(): AfterRegistrationConfig | undefined {
    return this.config;
  }
}
