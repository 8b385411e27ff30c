import { secretArnOf, withoutSuffix } from './secret-arn';
import { isArn } from '../../arn';
import type { Deployment, Resource, TemplatePath } from '../../template';

export const SECRET = 'AWS::SecretsManager::Secret';
export const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';

const DEFAULT_PASSWORD_LENGTH = 32;

export function secretName(resource: Resource): string {
  return resource.get('Name').string(resource.generatedName());
}

export function secretArn(resource: Resource): string {
  return secretArnOf(resource.stack, secretName(resource));
}

/** The value of a secret, with what an attachment to a database adds; undefined when the template gives none. */
export function secretValue(resource: Resource): string | undefined {
  const value = ownValue(resource);
  const attachment = resource.stack.deployment.all(ATTACHMENT).find((candidate) => candidate.get('SecretId').string() === secretArn(resource));
  return value === undefined || attachment === undefined ? value : JSON.stringify({ ...JSON.parse(value) as object, ...connection(attachment) });
}

/** What is generated is always the same for the same stack and logical id, of hexadecimal digits whatever was asked for. */
function ownValue(resource: Resource): string | undefined {
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

/** Where the database is: an address at which nothing answers. */
function connection(attachment: Resource): Record<string, unknown> {
  const target = attachment.get('TargetId').string();
  const database = attachment.stack.deployment.all().find((candidate) => /^AWS::(RDS|DocDB|Redshift)::/.test(candidate.type) && candidate.reference() === target);
  if (database === undefined) {
    return {};
  }
  const of = (name: string): string => String(database.attribute(name, attachment.place));
  const name = database.get('DatabaseName').optionalString() ?? database.get('DBName').optionalString();
  return {
    engine: database.get('Engine').string('postgres').replace(/^aurora-(postgres|mysql).*$/, '$1').replace(/^postgresql$/, 'postgres'),
    host: of('Endpoint.Address'),
    port: Number(of('Endpoint.Port')),
    ...(name !== undefined && { dbname: name }),
    [attachment.get('TargetType').string('').endsWith('Cluster') ? 'dbClusterIdentifier' : 'dbInstanceIdentifier']: target,
  };
}

/** `<secret>:SecretString:<key>:<stage>:<version>`; only the secret has to be there. */
const REFERENCE = /^(arn:(?:[^:]*:){5}[^:]+|[^:]+)(?::SecretString(?::([^:]*))?(?::[^:]*){0,2})?$/;

/** The value that `{{resolve:secretsmanager:…}}` stands for. */
export function storedSecret(reference: string, deployment: Deployment, path: TemplatePath): string {
  const [, id = reference, key = ''] = REFERENCE.exec(reference) ?? [];
  const secret = deployment.all(SECRET).find((candidate) => namesOf(candidate).includes(id));
  const name = isArn(id) ? nameInArn(id) : id;
  const value = (secret && secretValue(secret)) ?? givenSecret(name, id, deployment)
    ?? deployment.missing('secrets', name, path, `no chosen stack creates the secret "${name}", or gives it a value`);
  return key === '' || path.isInert ? value : fieldOf(value, key, path);
}

/** Name, ARN, and the ARN without the characters that follow the name. */
function namesOf(secret: Resource): string[] {
  const arn = secretArn(secret);
  return [secretName(secret), arn, withoutSuffix(arn)];
}

function givenSecret(name: string, id: string, deployment: Deployment): string | undefined {
  const given = deployment.given('secrets');
  return given[id] ?? given[name];
}

/** The name of a secret in its ARN, which may end with six characters that AWS adds. */
export function nameInArn(arn: string): string {
  return withoutSuffix(arn.split(':secret:')[1] ?? arn);
}

function fieldOf(json: string, key: string, path: TemplatePath): string {
  try {
    const field = (JSON.parse(json) as Record<string, unknown>)[key];
    if (field !== undefined) {
      return typeof field === 'string' ? field : JSON.stringify(field);
    }
  } catch {
    // Not JSON: it has no fields.
  }
  return path.fail(`the secret has no field "${key}".`);
}
