import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Alarms } from './alarms';
import { FailedEvents } from './failed-events';
import { checkProductCode, Product } from './product';
import { checkBusIsHere, checkEnum, withPath } from './validate';
import { MarketplaceSaasIntegrationAttributes } from '../integration-attributes';
import { IntegrationGrants, InvokedFunction } from '../integration-grants';
import { SaasPricingModel } from '../pricing';

/** An integration that another stack or app has deployed. */
export class ImportedIntegration extends IntegrationGrants {
  public readonly integrationId: string;

  public readonly eventBus: events.IEventBus;

  /** @internal */
  protected readonly _product: Pick<Product, 'productCode' | 'pricingModel'>;

  /** @internal */
  protected readonly _failedEvents: FailedEvents;

  /** @internal */
  protected readonly _tableKey?: kms.IKey;

  public constructor(scope: Construct, id: string, private readonly attributes: MarketplaceSaasIntegrationAttributes) {
    super(scope, id);
    const { integrationId, productCode, pricingModel, eventBusArn, encryptionKeyArn } = attributes;
    this.integrationId = integrationId;
    this._product = { productCode, pricingModel };
    this.eventBus = events.EventBus.fromEventBusArn(this, 'EventBus', eventBusArn);
    withPath(this, () => {
      checkProductCode(productCode);
      checkEnum('pricingModel', pricingModel, SaasPricingModel);
      checkBusIsHere(this, 'eventBusArn', this.eventBus);
    });
    this._tableKey = encryptionKeyArn === undefined ? undefined : kms.Key.fromKeyArn(this, 'Key', encryptionKeyArn);
    const queueProps = { encryptionKey: this._tableKey, removalPolicy: RemovalPolicy.RETAIN };
    this._failedEvents = new FailedEvents(queueProps, new Alarms(this, 'Alarms', attributes));
  }

  public get subscriptionsTable(): dynamodb.ITableV2 {
    const tableArn = this.attribute('subscriptionsTable', 'subscriptionsTableArn');
    return this.once('SubscriptionsTable', (id) => dynamodb.TableV2.fromTableArn(this, id, tableArn));
  }

  public get usageQueue(): sqs.IQueue {
    this._requireMetering('usageQueue');
    const queueArn = this.attribute('usageQueue', 'usageQueueArn');
    return this.once('UsageQueue', (id) => sqs.Queue.fromQueueAttributes(this, id, { queueArn, keyArn: this.attributes.encryptionKeyArn }));
  }

  /** @internal */
  protected _function(name: InvokedFunction): lambda.IFunction {
    if (name === 'usageIntakeFunction') {
      this._requireMetering(name);
    }
    const functionArn = this.attribute(name, `${name}Arn`);
    return this.once(name, (id) => lambda.Function.fromFunctionAttributes(this, id, { functionArn, sameEnvironment: true }));
  }

  private attribute(member: string, name: keyof MarketplaceSaasIntegrationAttributes): string {
    const value = this.attributes[name];
    if (typeof value !== 'string') {
      throw new Error(`MarketplaceSaas: ${member}: the integration was imported without ${name}: add it to the attributes (${this.node.path})`);
    }
    return value;
  }

  /** A construct id may be used once only. */
  private once<T>(id: string, create: (id: string) => T): T {
    return this.node.tryFindChild(id) as T | undefined ?? create(id);
  }
}
