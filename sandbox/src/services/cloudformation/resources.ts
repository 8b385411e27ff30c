import { NESTED_STACK, type Resource, type ResourceTypes } from '../../template';

/** What the CDK and CloudFormation add on their own account. */
export const CLOUDFORMATION_TYPES: ResourceTypes = {
  'AWS::CDK::Metadata': {},
  'AWS::CloudFormation::WaitConditionHandle': {
    reference: (resource) => `https://cloudformation-waitcondition.invalid/${resource.generatedName()}`,
  },
  'AWS::CloudFormation::WaitCondition': { attributes: { Data: () => '{}' } },
  [NESTED_STACK]: {
    reference: (resource) => resource.stack.nestedStack(resource.logicalId).stackId,
    anyAttribute: (resource, name) => name.startsWith('Outputs.')
      ? resource.stack.nestedStack(resource.logicalId).output(name.slice('Outputs.'.length))
      : undefined,
  },
  // Only the one with which the CDK's provider framework waits: the sandbox asks itself whether a custom resource is complete.
  'AWS::StepFunctions::StateMachine': {
    reference: stateMachineArn,
    attributes: { Arn: stateMachineArn, Name: (resource) => resource.generatedName(80) },
    build: (resource) => {
      if (!isWaiter(resource)) {
        resource.unsupported('a state machine other than the one with which the CDK waits for a custom resource');
      }
    },
  },
};

function stateMachineArn(resource: Resource): string {
  return resource.arn('states', `stateMachine:${resource.generatedName(80)}`);
}

function isWaiter(resource: Resource): boolean {
  return resource.stack.deployment.all('AWS::Lambda::Function')
    .some((fn) => fn.get('Environment').get('Variables').get('WAITER_STATE_MACHINE_ARN').data === stateMachineArn(resource));
}
