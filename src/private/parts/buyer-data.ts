import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env, RegistrationIndex, SubscriptionIndex } from '../../names';
import { HandlerFunction } from '../handler-function';
import { IntegrationContext } from '../integration-context';
import { grantTable } from '../tables';

/** Exports and deletes what one buyer entered. A function of its own: who may redeem codes may not read the data of buyers. */
export class BuyerDataPart extends Construct {
  public readonly handler: HandlerFunction;

  public constructor(scope: Construct, id: string, context: IntegrationContext) {
    super(scope, id);
    const { alarms, tables } = context;
    this.handler = new HandlerFunction(this, 'Handler', context, {
      asset: 'buyer-data',
      description: 'Exports or deletes what one buyer entered when registering',
      timeout: Duration.minutes(1),
      isApart: true,
      environment: {
        [Env.SUBSCRIPTIONS_TABLE]: tables.subscriptions.tableName,
        [Env.REGISTRATIONS_TABLE]: tables.registrations.tableName,
      },
    });
    grantTable(this.handler.role, tables, 'subscriptions', ['GetItem'], [SubscriptionIndex.BY_ACCOUNT]);
    grantTable(this.handler.role, tables, 'registrations', ['DeleteItem'], [RegistrationIndex.BY_ACCOUNT, RegistrationIndex.BY_EMAIL]);
    alarms.addErrors('BuyerDataErrors', this.handler.fn, 'buyer-data');
  }
}
