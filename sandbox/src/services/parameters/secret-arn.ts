import { accountOf, arnIn, regionOf, type Environment } from '../../arn';
import { digest } from '../../ids';

const SUFFIX = /-[A-Za-z0-9]{6}$/;

/** Six characters follow a secret's name in its ARN: random ones on AWS, a digest of the name here. */
export function secretArnOf({ account, region }: Environment, name: string): string {
  return arnIn({ account, region }, 'secretsmanager', `secret:${name}-${digest(6, account, region, name)}`);
}

/** An ARN, or a name in one, without the six characters: `Secret.fromSecretNameV2` of the CDK gives such ARNs. */
export function withoutSuffix(arn: string): string {
  return arn.replace(SUFFIX, '');
}

/** The ARN that policies name: one without the six characters gets them. */
export function wholeSecretArn(arn: string): string {
  const [, name = ''] = arn.split(':secret:');
  return SUFFIX.test(name) ? arn : secretArnOf({ account: accountOf(arn), region: regionOf(arn) }, name);
}
