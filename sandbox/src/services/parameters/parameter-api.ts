import { isFor, pageOf } from './listing';
import type { ParameterModel } from './model';
import { isArn } from '../../arn';
import { AwsError } from '../../errors';
import { jsonAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import { list, record, text } from '../../iam/action-request';

const MOST_NAMES = 10;
/** Most on a page: of parameters with their values, and without. */
const MOST_VALUES = 10;
const MOST_DESCRIBED = 50;
/** A parameter of a template has one version. */
const VERSION = 1;

type Test = (parameter: ParameterModel) => boolean;

/** Reads the parameters of the template from SSM's Parameter Store; `since`: epoch milliseconds from which they exist. */
export class ParameterApi implements ApiHandler {
  constructor(private readonly parameters: readonly ParameterModel[], private readonly since: number) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    return jsonAnswer(this.answer(call), 200, 'application/x-amz-json-1.1');
  }

  private answer(call: AwsCall): object {
    switch (call.operation) {
      case 'GetParameter': return { Parameter: this.view(this.named(call)) };
      case 'GetParameters': return this.several(call);
      case 'GetParametersByPath': {
        const { Path, Recursive } = call.parameters;
        const { items, next } = this.page(call, this.here(call).filter(below(String(Path), Recursive === true)), MOST_VALUES);
        return { Parameters: items.map((parameter) => this.view(parameter)), ...next };
      }
      case 'DescribeParameters': {
        const tests = list(call.parameters.ParameterFilters).map(filterOf);
        const { items, next } = this.page(call, this.here(call).filter((parameter) => tests.every((test) => test(parameter))), MOST_DESCRIBED);
        return { Parameters: items.map((parameter) => this.description(parameter)), ...next };
      }
      case 'GetParameterHistory': {
        const parameter = this.named(call);
        return { Parameters: [{ ...this.description(parameter), Value: parameter.value, Labels: [] }] };
      }
      default: return fail('UnknownOperationException', `the sandbox only reads parameters, and does not know ssm:${call.operation}`);
    }
  }

  private several(call: AwsCall): object {
    const names = list(call.parameters.Names).map(String);
    if (names.length === 0 || names.length > MOST_NAMES) {
      fail('ValidationException', `Names must be 1 to ${MOST_NAMES}`);
    }
    const foundFor = (reference: string) => {
      const { parameter, version } = this.find(call, reference);
      return isThere(version) ? parameter : undefined;
    };
    return {
      Parameters: names.flatMap((name) => foundFor(name) ?? []).map((parameter) => this.view(parameter)),
      InvalidParameters: names.filter((name) => !foundFor(name)),
    };
  }

  private named(call: AwsCall): ParameterModel {
    const name = String(call.parameters.Name);
    const { parameter, version } = this.find(call, name);
    if (!parameter) {
      return fail('ParameterNotFound', `there is no parameter ${name} in ${call.region}`);
    }
    return isThere(version) ? parameter : fail('ParameterVersionNotFound', `Systems Manager could not find version ${version} of ${parameter.name}: a parameter of a template has version ${VERSION} only`);
  }

  /** By name or ARN, with a version or label behind it or without. */
  private find(call: AwsCall, reference: string): { readonly parameter?: ParameterModel; readonly version?: string } {
    const [, base = reference, version] = (isArn(reference) ? /^((?:[^:]*:){5}[^:]*)(?::(.+))?$/ : /^([^:]*)(?::(.+))?$/).exec(reference) ?? [];
    const parameter = isArn(reference) ? this.parameters.find(({ arn }) => arn === base) : this.here(call).find(({ name }) => name === base);
    return { parameter, version };
  }

  private here(call: AwsCall): readonly ParameterModel[] {
    return this.parameters.filter(isFor(call));
  }

  private page(call: AwsCall, found: readonly ParameterModel[], most: number) {
    return pageOf(found, call, most, 'InvalidNextToken');
  }

  private view(parameter: ParameterModel): object {
    return { ...this.description(parameter), Value: parameter.value };
  }

  private description({ arn, name, type }: ParameterModel): object {
    return { Name: name, Type: type, Version: VERSION, LastModifiedDate: this.since / 1000, ARN: arn, DataType: 'text' };
  }
}

function isThere(version: string | undefined): boolean {
  return version === undefined || version === String(VERSION);
}

/** Which parameters are in a hierarchy: at once below its path, or at any depth. */
function below(path: string, recursive: boolean): Test {
  const base = path.endsWith('/') ? path : `${path}/`;
  return ({ name }) => name.startsWith(base) && (recursive || !name.slice(base.length).includes('/'));
}

function filterOf(filter: unknown): Test {
  const { Key, Option, Values } = record(filter);
  const values = list(Values).flatMap((value) => text(value) ?? []);
  const tests: Readonly<Record<string, (value: string) => Test>> = {
    'Name Equals': (value) => ({ name }) => name === value,
    'Name BeginsWith': (value) => ({ name }) => name.startsWith(value),
    'Name Contains': (value) => ({ name }) => name.includes(value),
    'Type Equals': (value) => ({ type }) => type === value,
    'Path OneLevel': (value) => below(value, false),
    'Path Recursive': (value) => below(value, true),
  };
  const wanted = `${text(Key) ?? ''} ${text(Option) ?? (Key === 'Path' ? 'OneLevel' : 'Equals')}`;
  const test = tests[wanted] ?? fail('InvalidFilterKey', `the sandbox filters parameters by ${Object.keys(tests).join(', ')}, not by ${wanted}`);
  return (parameter) => values.some((value) => test(value)(parameter));
}

function fail(code: string, message: string): never {
  throw new AwsError(code, message);
}
