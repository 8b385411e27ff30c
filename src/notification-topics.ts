/**
 * Where AWS Marketplace has the SNS topics of products with `AgreementMode.LEGACY` or `AgreementMode.MIGRATING`. Their names follow from the product code.
 *
 * @example
 * const notificationTopics: NotificationTopics = { ownerAccount: '287250355862', region: 'us-east-1' };
 */
export interface NotificationTopics {
  /**
   * Account of AWS Marketplace that owns the topics, 12 digits: it is part of the ARN that the listing shows.
   *
   * @default '287250355862'
   */
  readonly ownerAccount?: string;

  /**
   * Region of the topics.
   *
   * @default 'us-east-1'
   */
  readonly region?: string;
}
