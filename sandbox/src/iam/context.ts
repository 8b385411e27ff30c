/** What is known of a request besides its action and resource: condition key -> value(s). Keys are not case-sensitive. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

export interface Caller {
  /** ARN of the role whose credentials signed the request. */
  readonly roleArn: string;
  /** Twelve digits: the account the credentials belong to. */
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The global condition keys every signed request has. */
export function baseContext(caller: Caller): RequestContext {
  return {
    'aws:SecureTransport': 'true',
    'aws:SourceAccount': caller.account,
    'aws:SourceIp': '127.0.0.1',
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalArn': caller.roleArn,
    'aws:PrincipalType': 'AssumedRole',
    'aws:ResourceAccount': caller.account,
    'aws:RequestedRegion': caller.region,
    'aws:CurrentTime': new Date(caller.now).toISOString(),
    'aws:EpochTime': String(Math.floor(caller.now / 1000)),
  };
}

/** The values of a key; undefined when the request does not have it. */
export function contextValues(context: RequestContext, key: string): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (found === undefined) {
    return undefined;
  }
  return typeof found === 'string' ? [found] : found;
}
