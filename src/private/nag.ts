import { CfnResource, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Types of resources on which a rule of cdk-nag 2 reports, which finds reasons on the resource itself only. */
const TYPES: Record<string, string> = {
  'AwsSolutions-APIG1': 'AWS::ApiGateway::Stage',
  'AwsSolutions-APIG2': 'AWS::ApiGateway::RestApi',
  'AwsSolutions-APIG3': 'AWS::ApiGateway::Stage',
  'AwsSolutions-APIG4': 'AWS::ApiGateway::Method',
  'AwsSolutions-APIG6': 'AWS::ApiGateway::Stage',
  'AwsSolutions-COG4': 'AWS::ApiGateway::Method',
  'AwsSolutions-IAM5': 'AWS::IAM::Policy',
  'AwsSolutions-SQS3': 'AWS::SQS::Queue',
};

/** As cdk-nag 2 reads it from the metadata of a resource: https://github.com/cdklabs/cdk-nag/tree/v2#suppressing-a-rule */
interface Suppression {
  readonly id: string;
  readonly reason: string;
  readonly applies_to?: readonly string[];
}

/**
 * Writes down why findings of rule packs such as cdk-nag are accepted, by rule id. The reasons are part of the construct, so
 * that the checks of a user's own app find them too: those of cdk-nag 3 as acknowledgements, those of cdk-nag 2 as metadata.
 *
 * @param construct what the findings are about; its resources and the policy of a role exist by now
 */
export function acknowledge(construct: IConstruct, reasons: Record<string, string>): void {
  Validations.of(construct).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
  for (const [id, reason] of Object.entries(reasons)) {
    const [, rule, finding] = /^([^[]+)(?:\[(.+)\])?$/.exec(id)!;
    if (!(rule in TYPES)) {
      throw new Error(`no type of resource is known for ${rule}: cdk-nag 2 would not find the reason`);
    }
    for (const resource of construct.node.findAll().filter(CfnResource.isCfnResource)) {
      if (resource.cfnResourceType === TYPES[rule]) {
        suppress(resource, { id: rule, reason, ...finding !== undefined && { applies_to: [finding] } });
      }
    }
  }
}

function suppress(resource: CfnResource, suppression: Suppression): void {
  const known: readonly Suppression[] = resource.getMetadata('cdk_nag')?.rules_to_suppress ?? [];
  resource.addMetadata('cdk_nag', { rules_to_suppress: [...known, suppression] });
}
