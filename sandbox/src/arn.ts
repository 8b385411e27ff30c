/** Account of a stack that names none. */
export const NO_ACCOUNT = '000000000000';

/** Where a resource or a caller is. */
export interface Environment {
  readonly account: string;
  readonly region: string;
}

/** Whether these are two accounts. An account that the template does not name may be any account. */
export function areDifferentAccounts(one: string, other: string): boolean {
  return one !== other && one !== NO_ACCOUNT && other !== NO_ACCOUNT;
}

export function isArn(text: string): boolean {
  return text.startsWith('arn:');
}

/** The service segment of an ARN: `sqs`, `lambda`, `events`… */
export function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}

export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

/** The text after the last `:` and `/`, as in `arn:aws:events:…:event-bus/orders`. A plain name is its own tail. */
export function nameOf(arnOrName: string): string {
  return arnOrName.split(/[:/]/).at(-1) ?? arnOrName;
}

/** `reference` when it is an ARN, else the ARN that `toArn` makes of the name. */
export function nameOrArn(reference: string, toArn: (name: string) => string): string {
  return isArn(reference) ? reference : toArn(reference);
}

export function arnIn({ account, region }: Environment, service: string, rest: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${rest}`;
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) {
    return 'aws-cn';
  }
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

export function urlSuffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

const FUNCTION_ARN = /^(arn:[^:]+:lambda:[^:]+:\d*:function:[^:]+)(?::[^:]+)?$/;

/** The ARN of the function itself, for an ARN that names a version or alias of it. Other texts stay as they are. */
export function withoutQualifier(arn: string): string {
  return FUNCTION_ARN.exec(arn)?.[1] ?? arn;
}

/** A function that a request or a template names, not by its ARN: `name` or `123456789012:function:name`, with a version or alias or without. */
export function functionReference(reference: string): { readonly account?: string; readonly name: string; readonly qualifier?: string } {
  const [, account, name = reference, qualifier] = /^(?:(\d{12}):)?(?:function:)?([^:]+)(?::([^:]+))?$/.exec(reference) ?? [];
  return { account, name, qualifier };
}

/** The ARN that names a function in a request or a template: of an ARN itself, or of a reference; with the version or alias that it names. */
export function functionArn(reference: string, { account: own, region }: Environment): string {
  return nameOrArn(reference, () => {
    const { account = own, name, qualifier } = functionReference(reference);
    return arnIn({ account, region }, 'lambda', ['function', name, qualifier].filter((part) => part !== undefined).join(':'));
  });
}

/** The ARN of a session of a role: `arn:aws:sts::…:assumed-role/<role>/<session>`. */
export function assumedRoleArn(roleArn: string, session: string): string {
  return `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${session}`;
}
