import type { SandboxModel } from '../../model';
import { AssemblyError, type Deployment } from '../../template';

/** A command for a function that is not there would be forgotten without a word. */
export function checkCommands({ functions }: Pick<SandboxModel, 'functions'>, deployment: Deployment): void {
  for (const name of Object.keys(deployment.given('run'))) {
    if (!functions.some((fn) => fn.name === name || fn.logicalId.startsWith(name))) {
      const known = functions.map(({ logicalId }) => logicalId).join(', ');
      throw new AssemblyError(`--run ${name}=…: the app has no function of this name or logical id; it has: ${known || 'none'}.`);
    }
  }
}
