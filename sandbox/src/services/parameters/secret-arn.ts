import { arnIn, type Environment } from '../../arn';
import { digest } from '../../ids';

/** Six characters follow a secret's name in its ARN: random ones on AWS, a digest of the name here. */
export function secretArnOf({ account, region }: Environment, name: string): string {
  return arnIn({ account, region }, 'secretsmanager', `secret:${name}-${digest(6, account, region, name)}`);
}
