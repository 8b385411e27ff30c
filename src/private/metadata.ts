import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { METADATA_KEY, ResourcePart } from '../names';

type Role = typeof ResourcePart[keyof typeof ResourcePart];

/** Writes the part that a resource has in the integration into its metadata. Resources of other stacks have none. */
export function tagForSandbox(construct: IConstruct, role: Role, more: Record<string, unknown> = {}): void {
  const resource = construct.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) {
    resource.addMetadata(METADATA_KEY, { role, ...more });
  }
}
