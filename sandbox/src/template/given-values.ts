/** Values that only the person who deploys the app knows, by name. */
export interface GivenValues {
  /** Parameters of templates: `Name`, or `Stack:Name` for those of one stack only. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** SSM parameters that no stack of the app creates. */
  readonly ssm?: Readonly<Record<string, string>>;
  /** Secrets, by name or ARN, that no stack of the app creates or gives a value. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Exports of stacks that are not part of the app. */
  readonly exports?: Readonly<Record<string, string>>;
  /** Commands that run functions, by their name, logical id or the start of it: each starts a process that speaks Lambda's runtime API. */
  readonly run?: Readonly<Record<string, string>>;
}

export type GivenKind = keyof GivenValues;

/** The option of the command that gives such a value. */
export const GIVEN_OPTIONS: Readonly<Record<GivenKind, string>> = {
  parameters: '--parameter',
  ssm: '--ssm',
  secrets: '--secret',
  exports: '--export',
  run: '--run',
};

/** A value that was made up, as only inert resources need it. */
export interface MadeUpValue {
  readonly option: string;
  readonly name: string;
  readonly value: string;
}

/** A value of the form that the type of a parameter asks for. */
export function makeUp(name: string, type = 'String'): string {
  const digits = '0123456789abcdef0';
  const ids: readonly (readonly [string, string])[] = [
    ['::VPC::Id', 'vpc-'], ['::Subnet::Id', 'subnet-'], ['::SecurityGroup::Id', 'sg-'], ['::Image::Id', 'ami-'], ['::Instance::Id', 'i-'],
  ];
  const id = ids.find(([part]) => type.includes(part));
  if (id !== undefined) {
    return `${id[1]}${digits}`;
  }
  return type === 'Number' || type === 'List<Number>' ? '1' : `made-up-${name.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '')}`;
}
