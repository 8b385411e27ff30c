import type { ResourceTypes } from '../../template';

/** What the CDK and CloudFormation add on their own account. */
export const CLOUDFORMATION_TYPES: ResourceTypes = {
  'AWS::CDK::Metadata': {},
  'AWS::CloudFormation::WaitConditionHandle': {
    reference: (resource) => `https://cloudformation-waitcondition.invalid/${resource.generatedName()}`,
  },
  'AWS::CloudFormation::WaitCondition': { attributes: { Data: () => '{}' } },
  // Both only act when a stack is deleted, or on how long logs are kept: nothing the sandbox has.
  'Custom::S3AutoDeleteObjects': {},
  'Custom::LogRetention': { attributes: { LogGroupName: (resource) => resource.get('LogGroupName').string() } },
};
