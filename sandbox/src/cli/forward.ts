import { namedValues } from './given';
import { UsageError } from './usage-error';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * `states=http://127.0.0.1:4566`, any number of times.
 *
 * @param anywhere addresses of other machines are taken too
 * @throws UsageError
 */
export function forwardTargets(texts: readonly string[] | undefined, anywhere: boolean): Record<string, string> {
  const targets = namedValues('--forward', texts);
  for (const [service, address] of Object.entries(targets)) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new UsageError(`--forward ${service}=${address}: expected an address such as http://127.0.0.1:4566`);
    }
    if (!anywhere && !LOOPBACK.test(url.hostname)) {
      throw new UsageError(`--forward ${service}=${address}: this is not an address of this machine; --forward-anywhere allows it`);
    }
  }
  return targets;
}
