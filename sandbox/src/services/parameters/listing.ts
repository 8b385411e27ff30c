import { accountOf, regionOf } from '../../arn';
import { AwsError } from '../../errors';
import { AwsCall } from '../../gateway/aws-call';

/** Whether something is where a call looks: in its region, and in the account of who calls. */
export function isFor(call: AwsCall): (candidate: { readonly arn: string }) => boolean {
  const account = call.caller && accountOf(call.caller.roleArn);
  return ({ arn }) => regionOf(arn) === call.region && (account === undefined || accountOf(arn) === account);
}

/**
 * The page that `MaxResults` and `NextToken` of a call ask for. A token is the place at which the next page begins.
 *
 * @param invalidToken code of the error for another token
 */
export function pageOf<T>(found: readonly T[], { parameters: { MaxResults, NextToken } }: AwsCall, most: number, invalidToken: string): {
  readonly items: readonly T[]; readonly next: { readonly NextToken?: string };
} {
  const count = MaxResults === undefined ? most : Number(MaxResults);
  const start = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new AwsError('ValidationException', `MaxResults must be 1 to ${most}`);
  }
  if (!Number.isInteger(start) || start < 0 || start > found.length) {
    throw new AwsError(invalidToken, `the token ${String(NextToken)} is not one of this list`);
  }
  const end = start + count;
  return { items: found.slice(start, end), next: end < found.length ? { NextToken: String(end) } : {} };
}
