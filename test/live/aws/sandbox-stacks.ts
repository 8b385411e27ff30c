import type { ClientsOf } from './clients';
import { resourcesOf, StackResource } from './stack-resources';
import type { DeployedStacks } from '../context';
import { STACKS, StackName } from '../stacks';

/**
 * The example in a sandbox, by the name that its stack has there. There are no other stacks, and what a check makes ends with the
 * sandbox.
 */
export class SandboxStacks implements DeployedStacks {
  constructor(private readonly clientsOf: ClientsOf, private readonly region: string, private readonly example: string | undefined) {}

  async resources(stack: StackName): Promise<StackResource[]> {
    if (this.example === undefined) {
      throw new Error('the file of --outputs does not name the stack: give the outputs by stack');
    }
    return stack === STACKS.EXAMPLE ? resourcesOf(this.clientsOf(this.region).cloudFormation, this.example) : [];
  }

  willCreate(): void {
    // A sandbox keeps nothing.
  }
}
