import { CloudFormationClient, DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';

/** A resource of a stack, as CloudFormation reports it. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly status: string;
}

type CloudFormation = Pick<CloudFormationClient, 'send'>;

/** Id of a stack, by which CloudFormation still answers after it is deleted; undefined when there is no such stack. */
export async function stackIdOf(cloudFormation: CloudFormation, stackName: string): Promise<string | undefined> {
  try {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
    return stack?.StackId;
  } catch (error) {
    if ((error as Error).name === 'ValidationError' && /does not exist/.test((error as Error).message)) {
      return undefined;
    }
    throw error;
  }
}

/** All resources of a stack. `DescribeStackResources` would stop at 100 of them, and the example has more. */
export async function resourcesOf(cloudFormation: CloudFormationClient, stackId: string): Promise<StackResource[]> {
  const resources: StackResource[] = [];
  for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: stackId })) {
    for (const { LogicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus } of page.StackResourceSummaries ?? []) {
      resources.push({
        logicalId: LogicalResourceId ?? '', type: ResourceType ?? '', physicalId: PhysicalResourceId ?? '', status: ResourceStatus ?? '',
      });
    }
  }
  return resources;
}

/** What CloudFormation left in place, by its own report. */
export function leftInPlace(resources: readonly StackResource[]): StackResource[] {
  return resources.filter(({ physicalId, status }) => physicalId !== '' && (status === 'DELETE_SKIPPED' || status === 'DELETE_FAILED'));
}

/** `3 AWS::DynamoDB::GlobalTable, 6 AWS::SQS::Queue`; `nothing` of none. */
export function countByType(resources: readonly Pick<StackResource, 'type'>[]): string {
  const counts = new Map<string, number>();
  for (const { type } of resources) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => `${count} ${type}`).join(', ') || 'nothing';
}
