import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { METADATA_KEY, ResourcePart } from '../names';

type Role = typeof ResourcePart[keyof typeof ResourcePart];

/** Notes in the template what a resource is to the integration. An imported resource has no place for it. */
export function tagForSandbox(construct: IConstruct, role: Role, more: Record<string, unknown> = {}): void {
  const resource = construct.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) {
    resource.addMetadata(METADATA_KEY, { role, ...more });
  }
}
