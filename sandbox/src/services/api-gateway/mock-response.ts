import type { MockModel } from './model';
import { HttpAnswer, HttpRequest } from '../../gateway/aws-call';

/** The answer of a mock integration; undefined when it gives none. */
export function mockResponse({ status, headers, body, origins }: MockModel, request: HttpRequest): HttpAnswer | undefined {
  if (status === undefined) {
    return undefined;
  }
  const { origin } = request.headers;
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...headers,
      ...origin !== undefined && origins.includes(origin) && { 'access-control-allow-origin': origin },
    },
    body,
  };
}
