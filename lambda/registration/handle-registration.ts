import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { registrationApp } from './app';
import { type ClaimedRegistration, type ClaimRefused, claimRegistration } from './claim-registration';
import type { RegistrationDependencies } from './dependencies';
import { gatewayResult, readGatewayEvent } from './gateway';

export type RegistrationResult = APIGatewayProxyResult | ClaimedRegistration | ClaimRefused;

/** Answers browsers, through API Gateway, and the seller's backend, by direct invoke. */
export function registrationHandler(forInvocation: () => RegistrationDependencies): (event: unknown) => Promise<RegistrationResult> {
  return async (event) => {
    const on = forInvocation();
    try {
      if (typeof event !== 'object' || event === null || !('httpMethod' in event)) {
        return await claimRegistration(event, on);
      }
      const { request, link } = readGatewayEvent(event as APIGatewayProxyEvent);
      const response = await registrationApp(on).fetch(request, { link });
      // API Gateway's own access log needs a role that the account has one of: requests are logged here.
      on.log.info('Request', { method: request.method, route: new URL(request.url).pathname, status: response.status });
      return await gatewayResult(response);
    } finally {
      on.metrics.flush();
    }
  };
}
