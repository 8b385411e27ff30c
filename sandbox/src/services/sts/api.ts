import { accountOf, assumedRoleArn } from '../../arn';
import { AwsError } from '../../errors';
import { factUrl } from '../../facts';
import { escapeXml, queryAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import { callerIdentity, Callers } from '../../gateway/callers';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const SESSION_SECONDS = 3600;
/** Regions that an account must enable: docs/marketplace-facts.md#f-11-6. */
const OPT_IN_REGIONS = /^(af-south-1|ap-east-1|ap-south-2|ap-southeast-[3457]|ca-west-1|eu-central-2|eu-south-[12]|il-central-1|me-central-1|me-south-1|mx-central-1)$/;

export interface StsInput {
  readonly callers: Callers;
  readonly account: string;
  /** Virtual epoch milliseconds. */
  readonly now: () => number;
  /** Whether the seller account has opt-in regions enabled. */
  readonly sellerHasOptInRegions: () => boolean;
  readonly seller: string;
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
    this.checkRegion(roleArn, call.region);
    const accessKeyId = this.input.callers.issue();
    if (call.caller) {
      this.input.callers.register(accessKeyId, { ...call.caller, roleArn, session });
    }
    const seconds = Number(call.parameters.DurationSeconds ?? SESSION_SECONDS);
    const expiration = new Date((call.at ?? this.input.now()) + seconds * 1000).toISOString();
    const assumed = assumedRoleArn(roleArn, session);
    return queryAnswer('AssumeRole', NAMESPACE,
      `<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>sandbox</SecretAccessKey>`
      + `<SessionToken>sandbox</SessionToken><Expiration>${expiration}</Expiration></Credentials>`
      + `<AssumedRoleUser><Arn>${escapeXml(assumed)}</Arn><AssumedRoleId>AROASANDBOX:${escapeXml(session)}</AssumedRoleId></AssumedRoleUser>`);
  }

  /** STS asks whether the account of the role has the region enabled, not that of the caller: docs/marketplace-facts.md#f-11-6. */
  private checkRegion(roleArn: string, region: string): void {
    if (accountOf(roleArn) === this.input.seller && OPT_IN_REGIONS.test(region) && !this.input.sellerHasOptInRegions()) {
      throw new AwsError('RegionDisabledException', `STS is not activated in the requested region for account:${accountOf(roleArn)}. `
        + `Your account administrator can activate STS in this region using the IAM Console. See ${factUrl('11.6')}`, 403);
    }
  }

  private identity(call: AwsCall): HttpAnswer {
    const { account, arn, userId } = callerIdentity(call.caller, this.input.account);
    return queryAnswer('GetCallerIdentity', NAMESPACE,
      `<UserId>${escapeXml(userId)}</UserId><Account>${account}</Account><Arn>${escapeXml(arn)}</Arn>`);
  }
}
