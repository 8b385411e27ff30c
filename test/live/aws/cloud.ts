import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import type { Cdk, Deployment } from './cdk';
import type { ClientsOf } from './clients';
import { Leftover, removeLeftovers } from './removal';
import { leftInPlace, resourcesOf, StackResource, stackIdOf } from './stack-resources';
import { Clock, DeployedStacks } from '../context';
import { LEFTOVERS_STACK, regionOf, RESTORED_TABLES, StackName, STACKS } from '../stacks';

export interface CloudOptions {
  readonly cdk: Cdk;
  readonly clientsOf: ClientsOf;
  readonly clock: Clock;
  readonly region: string;
  readonly farRegion: string;
  readonly log: (line: string) => void;
}

/** The stacks of a run: deploys them, and removes them with all that they retain. */
export class Cloud implements DeployedStacks {
  private readonly deployments = new Map<StackName, Promise<Deployment>>();
  /** What checks made beside the stacks. */
  private readonly extras: Leftover[] = [];

  constructor(private readonly options: CloudOptions) {}

  /** Deploys a stack, once in a run. A failed deployment is an answer, not an error. */
  deploy(stack: StackName): Promise<Deployment> {
    let deployment = this.deployments.get(stack);
    if (!deployment) {
      deployment = this.options.cdk.deploy(stack);
      this.deployments.set(stack, deployment);
    }
    return deployment;
  }

  /** Registers what a check is about to create in the first region, so that it is removed at the end. */
  willCreate(leftover: Leftover): void {
    this.extras.push(leftover);
  }

  /** Resources of a stack of this run. */
  async resources(stack: StackName): Promise<StackResource[]> {
    const { cloudFormation } = this.options.clientsOf(regionOf(stack, this.options));
    const id = await stackIdOf(cloudFormation, stack);
    return id === undefined ? [] : resourcesOf(cloudFormation, id);
  }

  /**
   * Removes the stacks of this run, the last one first, then what they and the checks left.
   * @returns what is still there
   */
  removeRun(): Promise<string[]> {
    return this.remove([...this.deployments.keys()]);
  }

  /** The same for all stacks that any run can have made. */
  async removeAll(): Promise<string[]> {
    Object.values(RESTORED_TABLES).forEach((physicalId) => this.willCreate({ type: 'AWS::DynamoDB::Table', physicalId }));
    const failures = await this.remove(Object.values(STACKS));
    // Of a run that ended between import and deletion. CloudFormation accepts the deletion of a stack that is not there.
    await this.options.clientsOf(this.options.region).cloudFormation.send(new DeleteStackCommand({ StackName: LEFTOVERS_STACK }));
    return failures;
  }

  private async remove(stacks: readonly StackName[]): Promise<string[]> {
    const failures: string[] = [];
    for (const stack of [...stacks].reverse()) {
      try {
        failures.push(...await this.removeStack(stack));
      } catch (error) {
        failures.push(`stack ${stack}: ${(error as Error).name}: ${(error as Error).message}`);
      }
    }
    failures.push(...await removeLeftovers(this.options.clientsOf(this.options.region), this.options.clock, this.extras));
    return failures;
  }

  private async removeStack(stack: StackName): Promise<string[]> {
    const { cdk, clientsOf, clock, log } = this.options;
    const clients = clientsOf(regionOf(stack, this.options));
    const id = await stackIdOf(clients.cloudFormation, stack);
    if (id === undefined) {
      return [];
    }
    // Listed before too: a rollback has left its resources by then, and CloudFormation may report them only while the stack is there.
    const before = leftInPlace(await resourcesOf(clients.cloudFormation, id));
    const { succeeded, lastLines } = await cdk.destroy(stack);
    const after = leftInPlace(await resourcesOf(clients.cloudFormation, id));
    const left = [...new Map([...before, ...after].map((resource) => [resource.physicalId, resource])).values()];
    left.forEach(({ type, physicalId }) => log(`${stack} left ${type} ${physicalId}`));
    return [...succeeded ? [] : [`stack ${stack}: ${lastLines}`], ...await removeLeftovers(clients, clock, left)];
  }
}
