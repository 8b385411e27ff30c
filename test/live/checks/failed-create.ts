import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { countByType, leftInPlace } from '../aws/stack-resources';
import { asExpected, Check, notTried, otherwise } from '../observation';
import { STACKS } from '../stacks';

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly DeletionPolicy?: string }>>;
}

/** A first deployment whose last resource fails: what the rollback leaves, against what the template says. */
export const failedCreate: Check = {
  id: 'failed-create',
  question: 'What does the rollback of a failed first deployment leave behind?',
  source: 'docs/marketplace-facts.md#f-11-6',
  needs: ['CLOUDFORMATION'],
  async run({ cloud, clientsOf, region }) {
    const { succeeded, lastLines } = await cloud!.deploy(STACKS.FAILING);
    if (succeeded) {
      return notTried(`the deployment of ${STACKS.FAILING} succeeded, so there was no rollback`);
    }
    const resources = await cloud!.resources(STACKS.FAILING);
    if (resources.length === 0) {
      return notTried(`the deployment failed before CloudFormation created anything: ${lastLines}`);
    }
    const left = leftInPlace(resources);
    const { TemplateBody } = await clientsOf(region).cloudFormation.send(new GetTemplateCommand({ StackName: STACKS.FAILING }));
    const expected = retained(JSON.parse(TemplateBody ?? '{}'));
    const same = JSON.stringify(left.map(({ logicalId }) => logicalId).sort()) === JSON.stringify(expected.map(({ logicalId }) => logicalId).sort());
    const fact = `The rollback of a failed first deployment left ${countByType(left)}; the template retains ${countByType(expected)}.`;
    return same ? asExpected(`left ${countByType(left)}, as the template says`, { fact }) : otherwise(fact, { fact });
  },
};

/** Resources that a rollback of their creation leaves: `RetainExceptOnCreate` is deleted, and `Retain` is not. */
export function retained({ Resources = {} }: Template): { readonly logicalId: string; readonly type: string }[] {
  return Object.entries(Resources)
    .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain')
    .map(([logicalId, { Type }]) => ({ logicalId, type: Type }));
}
