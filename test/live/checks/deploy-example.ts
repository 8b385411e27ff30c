import { asExpected, Check, otherwise } from '../observation';
import { STACKS } from '../stacks';

/** Everything else needs what this one deploys. */
export const deployExample: Check = {
  id: 'deploy-example',
  question: 'Does the example deploy into an empty account and region?',
  source: 'docs/marketplace-facts.md#f-11-6',
  needs: ['CLOUDFORMATION'],
  async run({ cloud, outputs }) {
    const { succeeded, lastLines, outputs: deployed } = await cloud!.deploy(STACKS.EXAMPLE);
    Object.assign(outputs, deployed);
    return succeeded
      ? asExpected(`${STACKS.EXAMPLE} was created`)
      : otherwise(`the deployment failed: ${lastLines}`);
  },
};

/** The same construct path under another stack name: names made from the path alone would collide. */
export const secondDeployment: Check = {
  id: 'second-deployment',
  question: 'Can the same stack class be deployed twice in one account and region, under another stack name?',
  source: 'docs/marketplace-facts.md#f-11-6',
  needs: ['CLOUDFORMATION', 'EXAMPLE'],
  async run({ cloud }) {
    const { succeeded, lastLines } = await cloud!.deploy(STACKS.SECOND);
    return succeeded
      ? asExpected(`${STACKS.SECOND} was created beside ${STACKS.EXAMPLE}`)
      : otherwise(`the second deployment failed: ${lastLines}`);
  },
};
