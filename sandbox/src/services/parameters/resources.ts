import { ATTACHMENT, SECRET, secretArn, secretName, secretValue } from './secret-values';
import type { Deployment, Resource, ResourceTypes, TemplatePath } from '../../template';
import { crossRegionExport } from '../cloudformation/cdk-resources';

const SSM_PARAMETER = 'AWS::SSM::Parameter';

export const PARAMETER_TYPES: ResourceTypes = {
  [SSM_PARAMETER]: {
    reference: parameterName,
    attributes: {
      Type: (resource) => resource.get('Type').string(),
      Value: (resource) => resource.get('Value').string(),
    },
    build: (resource, model) => {
      model.parameters.push({
        ...resource.origin(),
        name: parameterName(resource),
        arn: resource.arn('ssm', `parameter/${parameterName(resource).replace(/^\//, '')}`),
        type: resource.get('Type').string(),
        value: resource.get('Value').string(),
      });
    },
  },
  [SECRET]: {
    reference: secretArn,
    attributes: { Id: secretArn },
    build: (resource, model) => {
      const value = secretValue(resource);
      model.secrets.push({ ...resource.origin(), name: secretName(resource), arn: secretArn(resource), ...(value !== undefined && { value }) });
    },
  },
  [ATTACHMENT]: { reference: (resource) => resource.get('SecretId').string() },
  'AWS::SecretsManager::ResourcePolicy': {},
};

function parameterName(resource: Resource): string {
  return resource.get('Name').string(resource.generatedName());
}

/** What `BootstrapVersion` answers: the sandbox has no bootstrap stack, and nothing that depends on its age. */
const BOOTSTRAP_VERSION = '30';

/** The value of an SSM parameter that the templates create. */
export function storedParameter(reference: string, deployment: Deployment, path: TemplatePath): string {
  const name = reference.replace(/:\d+$/, '');
  if (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name)) {
    return BOOTSTRAP_VERSION;
  }
  const exported = crossRegionExport(name, deployment);
  if (exported !== undefined) {
    return exported;
  }
  const parameter = deployment.all(SSM_PARAMETER).find((candidate) => candidate.reference() === name);
  return parameter?.get('Value').string() ?? deployment.missing('ssm', name, path, `no chosen stack creates the SSM parameter "${name}"`);
}
