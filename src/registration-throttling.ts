/**
 * Limits of the registration page for all buyers together, against a flood of requests. In front of them `RegistrationWebAcl.managed()` limits each IP
 * address; `RegistrationWebAcl.none()` does not.
 *
 * @example
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   registrationThrottling: { requestsPerSecond: 50, burst: 100, reservedConcurrency: 20 },
 * });
 */
export interface RegistrationThrottling {
  /**
   * Requests a second, of all buyers together, above which API Gateway answers 429: 1 to 10,000.
   *
   * @default 10
   */
  readonly requestsPerSecond?: number;

  /**
   * Requests at once: 1 to 10,000.
   *
   * @default 20
   */
  readonly burst?: number;

  /**
   * Executions at a time that the registration function has for itself, and cannot exceed: 2 to 10,000. While AWS Marketplace is slow, an execution
   * lasts 10 seconds, and without this limit few buyers can take all executions of a small account from the other functions. Lambda keeps 100 of the account unreserved,
   * so a new account, which has 10, cannot have it before its quota is raised.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   * @default - none reserved
   */
  readonly reservedConcurrency?: number;
}
