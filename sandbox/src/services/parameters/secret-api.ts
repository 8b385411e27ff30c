import { isFor, pageOf } from './listing';
import type { SecretModel } from './model';
import { withoutSuffix } from './secret-arn';
import { AwsError } from '../../errors';
import { jsonAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import { list, record, text } from '../../iam/action-request';

const MOST_LISTED = 100;
const VERSION_ID = '00000000-0000-4000-8000-000000000001';
const STAGE = 'AWSCURRENT';
const NOT_FOUND = 'ResourceNotFoundException';

/** Reads the secrets of the template; `since`: epoch milliseconds from which they exist. Each has one version. */
export class SecretApi implements ApiHandler {
  constructor(private readonly secrets: readonly SecretModel[], private readonly since: number) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    return jsonAnswer(this.answer(call), 200, 'application/x-amz-json-1.1');
  }

  private answer(call: AwsCall): object {
    const { SecretIdList, SecretId, Filters } = call.parameters;
    switch (call.operation) {
      case 'GetSecretValue': return this.value(call, String(SecretId));
      case 'BatchGetSecretValue': {
        const ids = Array.isArray(SecretIdList) ? SecretIdList.map(String) : fail('InvalidParameterException', 'the sandbox takes a SecretIdList, and no Filters');
        return this.values(call, ids);
      }
      case 'DescribeSecret': return this.description(this.named(call, String(SecretId)));
      case 'ListSecretVersionIds': {
        const { arn, name, value } = this.named(call, String(SecretId));
        const version = { VersionId: VERSION_ID, VersionStages: [STAGE], CreatedDate: this.since / 1000 };
        return { ARN: arn, Name: name, Versions: value === undefined ? [] : [version] };
      }
      case 'ListSecrets': {
        const tests = list(Filters).map(filterOf);
        const found = this.secrets.filter(isFor(call)).filter((secret) => tests.every((test) => test(secret)));
        const { items, next } = pageOf(found, call, MOST_LISTED, 'InvalidNextTokenException');
        return { SecretList: items.map((secret) => this.listed(secret)), ...next };
      }
      default: return fail('UnknownOperationException', `the sandbox only reads secrets, and does not know secretsmanager:${call.operation}`);
    }
  }

  private values(call: AwsCall, ids: readonly string[]): object {
    const values: object[] = [];
    const errors: object[] = [];
    for (const id of ids) {
      try {
        values.push(this.value(call, id));
      } catch (error) {
        if (!(error instanceof AwsError)) {
          throw error;
        }
        errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
      }
    }
    return { SecretValues: values, Errors: errors };
  }

  private value(call: AwsCall, id: string): object {
    const { arn, name, value } = this.named(call, id);
    const { VersionId = VERSION_ID, VersionStage = STAGE } = call.parameters;
    if (value === undefined || VersionId !== VERSION_ID || VersionStage !== STAGE) {
      const wanted = VersionId === VERSION_ID ? `staging label: ${String(VersionStage)}` : `VersionId: ${String(VersionId)}`;
      return fail(NOT_FOUND, `Secrets Manager can't find the specified secret value for ${wanted}`);
    }
    return { ARN: arn, Name: name, SecretString: value, VersionId: VERSION_ID, VersionStages: [STAGE], CreatedDate: this.since / 1000 };
  }

  /** By name or ARN, also by an ARN without the characters that AWS adds. */
  private named(call: AwsCall, id: string): SecretModel {
    const here = this.secrets.filter(isFor(call));
    return this.secrets.find(({ arn }) => arn === id || withoutSuffix(arn) === id) ?? here.find(({ name }) => name === id)
      ?? fail(NOT_FOUND, "Secrets Manager can't find the specified secret.");
  }

  private description(secret: SecretModel): object {
    return { ...this.base(secret), ...secret.value !== undefined && { VersionIdsToStages: { [VERSION_ID]: [STAGE] } } };
  }

  private listed(secret: SecretModel): object {
    return { ...this.base(secret), ...secret.value !== undefined && { SecretVersionsToStages: { [VERSION_ID]: [STAGE] } } };
  }

  private base({ arn, name }: SecretModel): object {
    return { ARN: arn, Name: name, CreatedDate: this.since / 1000, LastChangedDate: this.since / 1000 };
  }
}

/** Names that begin with one of the values; `!` in front of a value means all others. */
function filterOf(filter: unknown): (secret: SecretModel) => boolean {
  const { Key, Values } = record(filter);
  const values = list(Values).flatMap((value) => text(value) ?? []);
  if (Key !== 'name') {
    fail('InvalidParameterException', `the sandbox filters secrets by name only, not by ${String(Key)}`);
  }
  return ({ name }) => values.some((value) => value.startsWith('!') ? !name.startsWith(value.slice(1)) : name.startsWith(value));
}

function fail(code: string, message: string): never {
  throw new AwsError(code, message);
}
