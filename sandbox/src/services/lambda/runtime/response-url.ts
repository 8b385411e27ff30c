import * as http from 'node:http';
import type * as https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

/** Host of the addresses at which functions of custom resources answer: CloudFormation's begin with https, the sandbox serves http. */
export const RESPONSE_HOST = 'cloudformation-response.invalid';

/** Sends requests to {@link RESPONSE_HOST} to the sandbox at `endpoint`; all others go where they should. */
export function installResponseUrl(endpoint: string): void {
  const { hostname, port } = new URL(endpoint);
  // The module itself, of which an import is a copy.
  const builtin = process.getBuiltinModule('node:https');
  const original = builtin.request;
  const request = (...args: unknown[]): http.ClientRequest => {
    const [target, options] = args;
    const url = typeof target === 'string' ? new URL(target) : target instanceof URL ? target : undefined;
    const given = (url ? typeof options === 'object' ? options : {} : target) as https.RequestOptions;
    const host = url?.hostname ?? given.hostname ?? given.host;
    if (host !== RESPONSE_HOST) {
      return Reflect.apply(original, builtin, args) as http.ClientRequest;
    }
    const onAnswer = args.find((arg) => typeof arg === 'function') as ((response: http.IncomingMessage) => void) | undefined;
    const { method, headers } = given;
    return http.request({ hostname, port, method, headers, path: url ? url.pathname : given.path }, onAnswer);
  };
  const originalFetch = globalThis.fetch;
  Object.assign(builtin, { request });
  globalThis.fetch = async (input, init) => {
    const text = input instanceof Request ? input.url : String(input);
    const isOurs = URL.canParse(text) && new URL(text).hostname === RESPONSE_HOST;
    return isOurs ? originalFetch(`${endpoint}${new URL(text).pathname}`, init) : originalFetch(input, init);
  };
  syncBuiltinESMExports();
}
