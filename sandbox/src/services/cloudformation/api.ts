import { AwsError } from '../../errors';
import { escapeXml, queryAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import type { ActionMapper } from '../../iam/action-request';
import type { SandboxModel, StackModel } from '../../model';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

export const CLOUDFORMATION_OPERATIONS = ['DescribeStacks', 'ListStackResources'];

/** Reads what was deployed: the stacks with their outputs, and their resources. All on one page. */
export class CloudFormationApi implements ApiHandler {
  constructor(private readonly model: Pick<SandboxModel, 'stacks' | 'stackResources'>, private readonly startedAt: () => number) {}

  async handle({ operation, parameters }: AwsCall): Promise<HttpAnswer> {
    const name = typeof parameters.StackName === 'string' ? parameters.StackName : undefined;
    switch (operation) {
      case 'DescribeStacks': return queryAnswer(operation, NAMESPACE, list('Stacks', this.stacks(name).map((stack) => this.stack(stack))));
      case 'ListStackResources': return queryAnswer(operation, NAMESPACE, list('StackResourceSummaries', this.resources(name)));
      default: throw new AwsError('InvalidAction', `the sandbox knows ${CLOUDFORMATION_OPERATIONS.join(' and ')} of CloudFormation only, not ${operation}`);
    }
  }

  /** By name or id. */
  private stacks(reference: string | undefined): readonly StackModel[] {
    const found = this.model.stacks.filter((stack) => reference === undefined || reference === stack.name || reference === stack.id);
    if (found.length === 0) {
      throw new AwsError('ValidationError', `Stack with id ${reference} does not exist`);
    }
    return found;
  }

  private stack({ id, name, outputs }: StackModel): string {
    const entries = Object.entries(outputs).map(([OutputKey, value]) => fields({ OutputKey, OutputValue: String(value) }));
    return fields({ StackId: id, StackName: name, StackStatus: 'CREATE_COMPLETE', CreationTime: this.time() }) + list('Outputs', entries);
  }

  private resources(reference: string | undefined): string[] {
    if (reference === undefined) {
      throw new AwsError('ValidationError', 'StackName is required');
    }
    const [{ name }] = this.stacks(reference) as [StackModel];
    return this.model.stackResources.filter(({ stack }) => stack === name).map(({ logicalId, physicalId, type }) => fields({
      LogicalResourceId: logicalId, PhysicalResourceId: physicalId, ResourceType: type, ResourceStatus: 'CREATE_COMPLETE', LastUpdatedTimestamp: this.time(),
    }));
  }

  private time(): string {
    return new Date(this.startedAt()).toISOString();
  }
}

/** What the reading of stacks needs permission for: the ARN of a stack has an id that is not in its name. */
export const cloudFormationActions: ActionMapper = ({ operation }) => [{ action: `cloudformation:${operation}`, resource: '*' }];

function fields(values: Readonly<Record<string, string>>): string {
  return Object.entries(values).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join('');
}

function list(name: string, members: readonly string[]): string {
  return `<${name}>${members.map((member) => `<member>${member}</member>`).join('')}</${name}>`;
}
