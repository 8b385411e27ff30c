import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { registrationApp, routeOf } from './app';
import { type ClaimedRegistration, type ClaimRefused, claimRegistration } from './claim-registration';
import type { RegistrationDependencies } from './dependencies';
import { gatewayResult, readGatewayEvent } from './gateway';

export type RegistrationResult = APIGatewayProxyResult | ClaimedRegistration | ClaimRefused;

/** Answers browsers, through API Gateway, and the seller's backend, by direct invoke. */
export function registrationHandler(forInvocation: () => RegistrationDependencies): (event: unknown) => Promise<RegistrationResult> {
  return async (event) => {
    const deps = forInvocation();
    try {
      if (typeof event !== 'object' || event === null || !('httpMethod' in event)) {
        return await claimRegistration(event, deps);
      }
      const request = readGatewayEvent(event as APIGatewayProxyEvent);
      const answer = await registrationApp(deps)(request);
      // API Gateway's access log needs a role that exists once per account and region, so requests are logged here.
      const { method, path, reference } = request;
      deps.log.info('Request', { method, route: routeOf(path).route, status: answer.status, reference });
      return gatewayResult(answer);
    } finally {
      deps.metrics.flush();
    }
  };
}
