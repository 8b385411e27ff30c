import type { Resource } from '../resource';
import type { Handlers } from '../resource-handler';

export const SSM_PARAMETER = 'AWS::SSM::Parameter';

export const configurationHandlers: Handlers = {
  [SSM_PARAMETER]: {
    reference: (resource) => resource.get('Name').string(resource.generatedName()),
    attributes: {
      Type: (resource) => resource.get('Type').string(),
      Value: (resource) => resource.get('Value').string(),
    },
  },
  'AWS::SecretsManager::Secret': {
    reference: secretArn,
    attributes: { Id: secretArn },
  },
  'AWS::SecretsManager::ResourcePolicy': {},
};

function secretArn(resource: Resource): string {
  return resource.arn('secretsmanager', `secret:${resource.get('Name').string(resource.generatedName())}-${resource.digest(6)}`);
}
