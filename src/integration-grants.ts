import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IntegrationEvents } from './integration-events';
import { IMarketplaceSaasIntegration } from './integration-interface';
import { SubscriptionIndex } from './names';
import { grantItems } from './private/tables';

/**
 * The functions that an app or a person invokes.
 *
 * @internal
 */
export type InvokedFunction = 'usageIntakeFunction' | 'registrationFunction' | 'buyerDataFunction' | 'reconciliationFunction';

/**
 * What an integration lets an app do.
 *
 * @internal
 */
export abstract class IntegrationGrants extends IntegrationEvents implements IMarketplaceSaasIntegration {
  public abstract readonly subscriptionsTable: dynamodb.ITableV2;

  public abstract readonly usageQueue: sqs.IQueue;

  /**
   * The customer key, if the tables have one.
   *
   * @internal
   */
  protected abstract readonly _tableKey?: kms.IKey;

  /**
   * @internal
   * @throws Error if the integration does not have it
   */
  protected abstract _function(name: InvokedFunction): lambda.IFunction;

  /** ARN of the function that accepts usage records by direct invocation: see `grantInvokeIntake`. */
  public get usageIntakeFunctionArn(): string {
    return this._function('usageIntakeFunction').functionArn;
  }

  /** ARN of the function that redeems the one-time codes of the seller's own sign-up page: see `grantClaimRegistration`. */
  public get registrationFunctionArn(): string {
    return this._function('registrationFunction').functionArn;
  }

  /** ARN of the function that exports and deletes what one buyer entered: see `grantManageBuyerData`. */
  public get buyerDataFunctionArn(): string {
    return this._function('buyerDataFunction').functionArn;
  }

  /** ARN of the function that rebuilds subscriptions from AWS's records: see `grantInvokeReconciliation`. */
  public get reconciliationFunctionArn(): string {
    return this._function('reconciliationFunction').functionArn;
  }

  /**
   * Lets the app send usage records to `usageQueue`.
   *
   * @param grantee the app
   * @example
   * marketplace.grantReportUsage(api);
   * api.addEnvironment('USAGE_QUEUE_URL', marketplace.usageQueue.queueUrl);
   */
  public grantReportUsage(grantee: iam.IGrantable): iam.Grant {
    return this.usageQueue.grantSendMessages(grantee);
  }

  /**
   * Lets the app invoke `usageIntakeFunction`, which answers for each record.
   *
   * @param grantee the app
   * @example
   * marketplace.grantInvokeIntake(api);
   * api.addEnvironment('USAGE_INTAKE_FUNCTION', marketplace.usageIntakeFunction.functionName);
   */
  public grantInvokeIntake(grantee: iam.IGrantable): iam.Grant {
    return this._function('usageIntakeFunction').grantInvoke(grantee);
  }

  /**
   * Lets an operator invoke `reconciliationFunction`, to rebuild subscriptions from AWS's records.
   *
   * @param grantee the role of those who operate the product
   * @example
   * marketplace.grantInvokeReconciliation(api);
   */
  public grantInvokeReconciliation(grantee: iam.IGrantable): iam.Grant {
    return this._function('reconciliationFunction').grantInvoke(grantee);
  }

  /**
   * Lets the app read subscriptions: items by key, and queries by status and by buyer account.
   *
   * @param grantee the app
   * @example
   * marketplace.grantReadSubscriptions(api);
   * api.addEnvironment('SUBSCRIPTIONS_TABLE', marketplace.subscriptionsTable.tableName);
   */
  public grantReadSubscriptions(grantee: iam.IGrantable): iam.Grant {
    return grantItems(grantee, this.subscriptionsTable, this._tableKey, ['GetItem', 'BatchGetItem', 'Query'],
      [SubscriptionIndex.BY_STATUS, SubscriptionIndex.BY_ACCOUNT]);
  }

  /**
   * Lets the seller's backend redeem the one-time codes of its own sign-up page by invoking `registrationFunction`.
   *
   * @param grantee the seller's backend
   * @example
   * marketplace.grantClaimRegistration(api);
   * api.addEnvironment('REGISTRATION_FUNCTION', marketplace.registrationFunction.functionName);
   */
  public grantClaimRegistration(grantee: iam.IGrantable): iam.Grant {
    return this._function('registrationFunction').grantInvoke(grantee);
  }

  /**
   * Lets someone export and delete what buyers entered, by invoking `buyerDataFunction` with `{"exportBuyer": {…}}` or
   * `{"forgetBuyer": {…}}` and one of `licenseId`, `customerAwsAccountId` and `email`: see docs/registration.md.
   *
   * @param grantee the role of those who answer requests of buyers about their data
   * @example
   * marketplace.grantManageBuyerData(api);
   * api.addEnvironment('BUYER_DATA_FUNCTION', marketplace.buyerDataFunction.functionName);
   */
  public grantManageBuyerData(grantee: iam.IGrantable): iam.Grant {
    return this._function('buyerDataFunction').grantInvoke(grantee);
  }
}
