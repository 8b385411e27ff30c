import { accountOf, assumedRoleArn } from '../../arn';
import { AwsError } from '../../errors';
import { escapeXml, queryAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import { Callers } from '../../gateway/callers';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const SESSION_SECONDS = 3600;

export interface StsInput {
  readonly callers: Callers;
  readonly account: string;
  /** Virtual epoch milliseconds. */
  readonly now: () => number;
}

/** AssumeRole and GetCallerIdentity. Whether the caller may assume the role has been decided before. */
export class Sts implements ApiHandler {
  constructor(private readonly input: StsInput) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    switch (call.operation) {
      case 'AssumeRole': return this.assumeRole(call);
      case 'GetCallerIdentity': return this.identity(call);
      default: throw new AwsError('InvalidAction', `the sandbox does not know sts:${call.operation}`);
    }
  }

  private assumeRole(call: AwsCall): HttpAnswer {
    const roleArn = String(call.parameters.RoleArn ?? '');
    const session = String(call.parameters.RoleSessionName ?? '');
    if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn)) {
      throw new AwsError('ValidationError', `${roleArn} is invalid`);
    }
    if (!session) {
      throw new AwsError('ValidationError', 'RoleSessionName is required');
    }
    const accessKeyId = this.input.callers.issue();
    if (call.caller) {
      this.input.callers.register(accessKeyId, { ...call.caller, roleArn });
    }
    const seconds = Number(call.parameters.DurationSeconds ?? SESSION_SECONDS);
    const expiration = new Date((call.at ?? this.input.now()) + seconds * 1000).toISOString();
    const assumed = assumedRoleArn(roleArn, session);
    return queryAnswer('AssumeRole', NAMESPACE,
      `<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>sandbox</SecretAccessKey>`
      + `<SessionToken>sandbox</SessionToken><Expiration>${expiration}</Expiration></Credentials>`
      + `<AssumedRoleUser><Arn>${escapeXml(assumed)}</Arn><AssumedRoleId>AROASANDBOX:${escapeXml(session)}</AssumedRoleId></AssumedRoleUser>`);
  }

  private identity(call: AwsCall): HttpAnswer {
    const account = call.caller ? accountOf(call.caller.roleArn) : this.input.account;
    const arn = call.caller
      ? assumedRoleArn(call.caller.roleArn, call.caller.fn.name)
      : `arn:aws:iam::${account}:root`;
    return queryAnswer('GetCallerIdentity', NAMESPACE,
      `<UserId>AIDASANDBOX</UserId><Account>${account}</Account><Arn>${escapeXml(arn)}</Arn>`);
  }
}
