import { Marketplace } from '.';
import { FaultError } from '../faults/faults';
import { AwsCall, AwsService, callerTime, HttpAnswer } from '../gateway/aws-call';

/** The Marketplace's metering, entitlement and agreement APIs. */
export class MarketplaceApi implements AwsService {
  /** When the present call was made, in its caller's time. */
  callerTime?: number;

  constructor(private readonly marketplace: Marketplace) {}

  async handle({ request, region, caller }: AwsCall): Promise<HttpAnswer> {
    this.callerTime = callerTime(request);
    const query = request.query.toString();
    return this.marketplace.handle({
      target: request.headers['x-amz-target'] ?? '',
      headers: request.headers,
      method: request.method,
      path: query ? `${request.path}?${query}` : request.path,
      body: request.body,
      region,
      ...caller && { account: caller.roleArn.split(':')[4] },
    });
  }

  /** The Marketplace itself answers the call with an error, and counts it as failed. Words and status are those of the fault. */
  async failing(error: FaultError, call: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const before = this.marketplace.fault;
    this.marketplace.fault = () => ({ error: error.code, count: error.count, after: error.after });
    try {
      return reworded(await call(), error);
    } finally {
      this.marketplace.fault = before;
    }
  }
}

function reworded(answer: HttpAnswer, error: FaultError): HttpAnswer {
  if (answer.headers['x-amzn-errortype'] !== error.code) {
    return answer;
  }
  return { ...answer, status: error.status, body: JSON.stringify({ ...JSON.parse(answer.body.toString()), message: error.message }) };
}
