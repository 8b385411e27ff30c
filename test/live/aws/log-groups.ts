import {
  CloudFormationClient, CreateChangeSetCommand, DeleteStackCommand, ExecuteChangeSetCommand, waitUntilChangeSetCreateComplete,
  waitUntilStackDeleteComplete, waitUntilStackImportComplete,
} from '@aws-sdk/client-cloudformation';
import { LEFTOVERS_STACK } from '../stacks';

const CHANGE_SET = 'import';
const MAX_WAIT_SECONDS = 600;

/**
 * Deletes log groups that no stack has any longer: imports them into a stack that does not retain them, and deletes the stack.
 * So CloudFormation is the only client that is needed.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
 */
export async function deleteLogGroups(client: CloudFormationClient, names: readonly string[]): Promise<void> {
  const StackName = LEFTOVERS_STACK;
  const change = { StackName, ChangeSetName: CHANGE_SET };
  const waiting = { client, maxWaitTime: MAX_WAIT_SECONDS };
  await client.send(new CreateChangeSetCommand({
    ...change,
    ChangeSetType: 'IMPORT',
    TemplateBody: JSON.stringify(templateOf(names)),
    ResourcesToImport: names.map((LogGroupName, index) => ({
      ResourceType: 'AWS::Logs::LogGroup', LogicalResourceId: logicalId(index), ResourceIdentifier: { LogGroupName },
    })),
  }));
  await waitUntilChangeSetCreateComplete(waiting, change);
  await client.send(new ExecuteChangeSetCommand(change));
  await waitUntilStackImportComplete(waiting, { StackName });
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(waiting, { StackName });
}

/** CloudFormation imports only resources whose deletion policy is stated. */
export function templateOf(names: readonly string[]) {
  return {
    Resources: Object.fromEntries(names.map((LogGroupName, index) => [
      logicalId(index), { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete', Properties: { LogGroupName } },
    ])),
  };
}

function logicalId(index: number): string {
  return `LogGroup${index}`;
}
