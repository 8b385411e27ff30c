import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { HandlerSettings } from '../names';
import { handlerCode } from './handler-code';
import { allowOptions, functionOptions, optionEnvironment } from './handler-options';
import { commonEnvironment, IntegrationContext } from './integration-context';
import { MarketplacePermissions } from './marketplace-permissions';
import { acknowledge } from './nag';
import { retainedUnlessNew } from './queues';
import { checkEnvironmentSize } from './validate';

export interface HandlerFunctionProps {
  /** Folder below `assets/`. */
  readonly asset: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memorySize?: number;
  /** Executions at a time that the function has, and no other; undefined: it shares those of the account. */
  readonly reservedConcurrency?: number;
  readonly environment: Record<string, string>;
  /** It publishes no events: it gets no variables but its own, and may not put events. */
  readonly isApart?: boolean;
  /** What the handler reads from a file beside its code. Values known at synth only: tokens go into the environment. */
  readonly settings?: HandlerSettings;
  /** Receives the events of asynchronous invocations that failed for good. */
  readonly deadLetters?: sqs.IQueue;
}

/** A function with its own role and log group. Before any grant, the role may write that log and, unless it is apart, put events on the bus. */
export class HandlerFunction extends Construct {
  public readonly fn: lambda.Function;
  public readonly role: iam.Role;

  public constructor(scope: Construct, id: string, context: IntegrationContext, props: HandlerFunctionProps) {
    super(scope, id);
    const { handlerOptions } = context;
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: context.logRetention,
      removalPolicy: retainedUnlessNew(context.removalPolicy),
      encryptionKey: context.encryptionKey,
    });
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    allowOptions(this.role, handlerOptions);
    const environment = { ...props.isApart ? {} : commonEnvironment(context), ...optionEnvironment(handlerOptions), ...props.environment };
    checkEnvironmentSize(this, props.asset, environment);
    this.fn = new lambda.Function(this, 'Function', {
      description: props.description,
      code: handlerCode(props.asset, props.settings),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      ...functionOptions(handlerOptions, props.memorySize ?? 256),
      timeout: props.timeout,
      reservedConcurrentExecutions: props.reservedConcurrency,
      role: this.role,
      logGroup,
      environment,
      ...props.deadLetters && {
        onFailure: new destinations.SqsDestination(props.deadLetters),
        retryAttempts: 2,
        maxEventAge: Duration.hours(1),
      },
    });
    if (!props.isApart) {
      context.eventBus.grantPutEventsTo(this.role);
    }
    if (context.encryptionKey && props.deadLetters) {
      acknowledge(this.role, {
        'AwsSolutions-IAM5[Action::kms:ReEncrypt*]': 'Variants of one action, on the one key that was given to the integration.',
        'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]': 'Variants of one action, on the one key that was given to the integration.',
      });
    }
  }

  /** Allows AWS Marketplace actions, in this account or through the role of the seller account. */
  public allowMarketplace(context: IntegrationContext, permissions: MarketplacePermissions): void {
    const statement = context.sellerAccess._statement(permissions);
    this.role.addToPolicy(statement);
    if (statement.resources.includes('*')) {
      acknowledge(this.role, {
        'AwsSolutions-IAM5[Resource::*]': `${permissions.actions.join(', ')} has no resource types; each function has its own role.`,
      });
    }
  }
}
