import { RemovalPolicy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Alarms } from './alarms';
import { HandlerOptions } from '../handler-options';
import { MeteringMode } from '../metering-options';
import { Env } from '../names';
import { hasNotifications, Product } from './product';
import { QueueProps } from './queues';
import { SellerAccess } from '../seller-access';
import { Tables } from './tables';

/** What the parts of one integration share. */
export interface IntegrationContext extends QueueProps {
  readonly integrationId: string;
  readonly product: Product;
  readonly metering: MeteringMode;
  readonly sellerAccess: SellerAccess;
  readonly tables: Tables;
  readonly eventBus: events.IEventBus;
  readonly alarms: Alarms;
  readonly removalPolicy: RemovalPolicy;
  readonly logRetention: logs.RetentionDays;
  readonly handlerOptions: HandlerOptions;
}

/** Environment of every handler. */
export function commonEnvironment({ product, eventBus, integrationId, metering }: IntegrationContext): Record<string, string> {
  return {
    [Env.PRODUCT_CODE]: product.productCode,
    [Env.EVENT_BUS_NAME]: eventBus.eventBusName,
    [Env.INTEGRATION_ID]: integrationId,
    [Env.METERING_MODE]: metering,
  };
}

/** For handlers that know the kinds of agreements; absent is CONCURRENT. */
export function agreementModeEnvironment(product: Product): Record<string, string> {
  return hasNotifications(product) ? { [Env.AGREEMENT_MODE]: product.agreementMode } : {};
}
