import type { RequestContext } from './context';
import { expression, matches } from './pattern';

/** partition, service, region, account; the resource is the rest, colons included. */
const SEGMENTS = 6;

/**
 * Whether an ARN matches a pattern. A wildcard stays within its segment (the parts between colons), unless it ends the
 * pattern: then it stands for the rest.
 */
export function arnMatches(pattern: string, arn: string, context: RequestContext): boolean {
  return compare(pattern, arn, context) === true;
}

/**
 * The same for `Resource` and `NotResource`, where variables may only stand in the last segment. Undefined when it all
 * depends on a variable that has no value.
 */
export function resourceMatches(pattern: string, arn: string, context: RequestContext): boolean | undefined {
  return !arnParts(pattern).slice(0, SEGMENTS - 1).some((part) => part.includes('${')) && compare(pattern, arn, context);
}

function compare(pattern: string, arn: string, context: RequestContext): boolean | undefined {
  const patternParts = arnParts(pattern);
  const parts = arnParts(arn);
  if (parts.length < SEGMENTS || (patternParts.length < SEGMENTS && !pattern.endsWith('*'))) {
    return false;
  }
  let result: boolean | undefined = true;
  patternParts.forEach((part, index) => {
    const value = index === patternParts.length - 1 ? parts.slice(index).join(':') : parts[index] ?? '';
    const source = expression(part, context, true);
    if (source === undefined) {
      result = result && undefined;
    } else if (!matches(source, value)) {
      result = false;
    }
  });
  return result;
}

/** Colons inside `${…}` separate nothing. */
function arnParts(arn: string): string[] {
  const parts = arn.split(/:(?![^{]*\})/);
  return parts.length <= SEGMENTS ? parts : [...parts.slice(0, SEGMENTS - 1), parts.slice(SEGMENTS - 1).join(':')];
}
