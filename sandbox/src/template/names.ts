import { createHash } from 'node:crypto';

/** The environment a stack is deployed to. */
export interface Environment {
  readonly account: string;
  readonly region: string;
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

/** Hexadecimal digits that only depend on the parts. */
export function digest(length: number, ...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);
}

export function uuidOf(...parts: string[]): string {
  return digest(32, ...parts).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Six characters stand behind a secret's name in its ARN: random ones on AWS, here ones that can be told from the name. */
export function secretArnOf({ account, region }: Environment, name: string): string {
  return `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:${name}-${digest(6, account, region, name)}`;
}

/** The text after the last `:` and `/`, as in `arn:aws:events:…:event-bus/orders`. A plain name is its own tail. */
export function tailOf(arnOrName: string): string {
  return arnOrName.split(/[:/]/).at(-1) ?? arnOrName;
}

const FUNCTION_ARN = /^(arn:[^:]+:lambda:[^:]+:\d*:function:[^:]+)(?::[^:]+)?$/;

/** The ARN of the function itself, for an ARN that names a version or alias of it. Other texts stay as they are. */
export function withoutQualifier(arn: string): string {
  return FUNCTION_ARN.exec(arn)?.[1] ?? arn;
}
