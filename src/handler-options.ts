import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * What all functions of an integration have in common.
 *
 * @example
 * declare const vpc: ec2.Vpc;
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   handlerOptions: { vpc: vpc, tracing: lambda.Tracing.ACTIVE, logLevel: lambda.ApplicationLogLevel.WARN },
 * });
 */
export interface HandlerOptions {
  /**
   * VPC of the functions. They call DynamoDB, SQS, EventBridge, CloudWatch Logs, and AWS Marketplace in us-east-1 and in
   * `meteringRegion`, which has no VPC endpoint: the subnets need a way out, such as a NAT gateway.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   * @default - no VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets of `vpc`.
   *
   * @default - private subnets, as `lambda.Function` chooses them
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the functions in `vpc`. They must let HTTPS out.
   *
   * @default - a new one for each function, which lets all traffic out
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Processor architecture.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * Whether AWS X-Ray traces invocations. Traces have no personal data and no registration token.
   *
   * @default Tracing.DISABLED
   */
  readonly tracing?: lambda.Tracing;

  /**
   * The least severe level that is logged: DEBUG, INFO, WARN or ERROR. The commands of the runbook search lines of INFO and above.
   *
   * @default ApplicationLogLevel.INFO
   */
  readonly logLevel?: lambda.ApplicationLogLevel;

  /**
   * Memory that each function has at least, 128 to 10,240 MB. Functions that need more keep it: metering and intake have
   * 1,769 MB, one whole vCPU.
   *
   * @default - what each function needs: 256 to 1,769 MB
   */
  readonly memorySize?: number;
}
