import { secretArnOf } from './secret-arn';
import type { Deployment, Resource, ResourceTypes, TemplatePath } from '../../template';

const SSM_PARAMETER = 'AWS::SSM::Parameter';

const DEFAULT_PASSWORD_LENGTH = 32;

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
  'AWS::SecretsManager::Secret': {
    reference: secretArn,
    attributes: { Id: secretArn },
    build: (resource, model) => {
      const value = secretValue(resource);
      model.secrets.push({ ...resource.origin(), name: secretName(resource), arn: secretArn(resource), ...(value !== undefined && { value }) });
    },
  },
  'AWS::SecretsManager::ResourcePolicy': {},
};

function parameterName(resource: Resource): string {
  return resource.get('Name').string(resource.generatedName());
}

function secretName(resource: Resource): string {
  return resource.get('Name').string(resource.generatedName());
}

function secretArn(resource: Resource): string {
  return secretArnOf(resource.stack, secretName(resource));
}

/** What is generated is always the same for the same stack and logical id, of hexadecimal digits whatever was asked for. */
function secretValue(resource: Resource): string | undefined {
  const generate = resource.get('GenerateSecretString');
  if (!generate.exists) {
    return resource.get('SecretString').optionalString();
  }
  const length = generate.get('PasswordLength').number(DEFAULT_PASSWORD_LENGTH);
  const password = resource.digest(64).repeat(Math.ceil(length / 64)).slice(0, length);
  const key = generate.get('GenerateStringKey').optionalString();
  if (key === undefined) {
    return password;
  }
  const template = generate.get('SecretStringTemplate');
  try {
    return JSON.stringify({ ...JSON.parse(template.string()) as object, [key]: password });
  } catch {
    return template.place.fail('a JSON object is needed.');
  }
}

/** What `BootstrapVersion` answers: the sandbox has no bootstrap stack, and nothing that depends on its age. */
const BOOTSTRAP_VERSION = '30';

/** The value of an SSM parameter that the templates create. */
export function storedParameter(reference: string, deployment: Deployment, path: TemplatePath): string {
  const name = reference.replace(/:\d+$/, '');
  if (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name)) {
    return BOOTSTRAP_VERSION;
  }
  const parameter = deployment.all(SSM_PARAMETER).find((candidate) => candidate.reference() === name)
    ?? path.fail(`no chosen stack creates the SSM parameter "${name}".${deployment.leftOutHint()}`);
  return parameter.get('Value').string();
}
