import type { ParameterModel, SecretModel } from './model';
import { accountOf, isArn, regionOf } from '../../arn';
import { AwsError } from '../../errors';
import { jsonAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';

const JSON_1_1 = 'application/x-amz-json-1.1';
const MOST_NAMES = 10;
const VERSION_ID = '00000000-0000-4000-8000-000000000001';
const NOT_FOUND = 'ResourceNotFoundException';
const NOT_FOUND_MESSAGE = "Secrets Manager can't find the specified secret.";

/** Reads the parameters of the template from SSM's Parameter Store; `since`: epoch milliseconds from which they exist. */
export class ParameterApi implements ApiHandler {
  constructor(private readonly parameters: readonly ParameterModel[], private readonly since: number) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    const { Name, Names, Path } = call.parameters;
    switch (call.operation) {
      case 'GetParameter': {
        const parameter = this.find(call, String(Name)) ?? fail('ParameterNotFound', `there is no parameter ${String(Name)} in ${call.region}`);
        return jsonAnswer({ Parameter: this.view(parameter) }, 200, JSON_1_1);
      }
      case 'GetParameters': {
        const names = Array.isArray(Names) ? Names.map(String) : [];
        if (names.length === 0 || names.length > MOST_NAMES) {
          fail('ValidationException', `Names must be 1 to ${MOST_NAMES}`);
        }
        const found = names.flatMap((name) => this.find(call, name) ?? []);
        return jsonAnswer({
          Parameters: found.map((parameter) => this.view(parameter)),
          InvalidParameters: names.filter((name) => !this.find(call, name)),
        }, 200, JSON_1_1);
      }
      case 'GetParametersByPath': {
        const path = `${String(Path).replace(/\/$/, '')}/`;
        const below = this.here(call).filter(({ name }) => name.startsWith(path)
          && (call.parameters.Recursive === true || !name.slice(path.length).includes('/')));
        return jsonAnswer({ Parameters: below.map((parameter) => this.view(parameter)) }, 200, JSON_1_1);
      }
      default: return fail('UnknownOperationException', `the sandbox does not know ssm:${call.operation}`);
    }
  }

  /** By name or ARN; a version behind it is ignored, as there is only one. */
  private find(call: AwsCall, reference: string): ParameterModel | undefined {
    if (isArn(reference)) {
      return this.parameters.find(({ arn }) => arn === reference);
    }
    const [name] = reference.split(':');
    return this.here(call).find((parameter) => parameter.name === name);
  }

  private here(call: AwsCall): readonly ParameterModel[] {
    return this.parameters.filter(isFor(call));
  }

  private view({ arn, name, type, value }: ParameterModel): unknown {
    return { Name: name, Type: type, Value: value, Version: 1, LastModifiedDate: this.since / 1000, ARN: arn, DataType: 'text' };
  }
}

/** Reads the secrets of the template. */
export class SecretApi implements ApiHandler {
  constructor(private readonly secrets: readonly SecretModel[], private readonly since: number) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    const { SecretId, SecretIdList } = call.parameters;
    switch (call.operation) {
      case 'GetSecretValue': return jsonAnswer(this.view(this.find(call, String(SecretId)) ?? fail(NOT_FOUND, NOT_FOUND_MESSAGE)), 200, JSON_1_1);
      case 'BatchGetSecretValue': {
        const ids = Array.isArray(SecretIdList) ? SecretIdList.map(String) : fail('InvalidParameterException', 'the sandbox takes a SecretIdList, and no Filters');
        return jsonAnswer({
          SecretValues: ids.flatMap((id) => this.find(call, id) ?? []).map((secret) => this.view(secret)),
          Errors: ids.filter((id) => !this.find(call, id)).map((id) => ({ SecretId: id, ErrorCode: NOT_FOUND, Message: NOT_FOUND_MESSAGE })),
        }, 200, JSON_1_1);
      }
      case 'DescribeSecret': {
        const { arn, name } = this.find(call, String(SecretId)) ?? fail(NOT_FOUND, NOT_FOUND_MESSAGE);
        return jsonAnswer({ ARN: arn, Name: name, CreatedDate: this.since / 1000, VersionIdsToStages: { [VERSION_ID]: ['AWSCURRENT'] } }, 200, JSON_1_1);
      }
      default: return fail('UnknownOperationException', `the sandbox does not know secretsmanager:${call.operation}`);
    }
  }

  /** By name or ARN; one without a value has no version to read. */
  private find(call: AwsCall, id: string): SecretModel | undefined {
    const secret = this.secrets.find(({ arn }) => arn === id) ?? this.secrets.filter(isFor(call)).find(({ name }) => name === id);
    return secret?.value === undefined ? undefined : secret;
  }

  private view({ arn, name, value }: SecretModel): unknown {
    return { ARN: arn, Name: name, SecretString: value, VersionId: VERSION_ID, VersionStages: ['AWSCURRENT'], CreatedDate: this.since / 1000 };
  }
}

/** Whether something is where a call looks: in its region, and in the account of who calls. */
function isFor(call: AwsCall): (candidate: { readonly arn: string }) => boolean {
  const account = call.caller && accountOf(call.caller.roleArn);
  return ({ arn }) => {
    return regionOf(arn) === call.region && (account === undefined || accountOf(arn) === account);
  };
}

function fail(code: string, message: string): never {
  throw new AwsError(code, message);
}
