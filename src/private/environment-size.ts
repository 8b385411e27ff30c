import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** AWS Lambda's limit, names and values together. */
const MAX_BYTES = 4096;

/** What a reference may be worth once it is known: names of resources are at most about this long. */
const REFERENCE_BYTES = 100;

/**
 * Fails at synthesis instead of at deployment.
 *
 * @throws Error if the variables do not fit a function
 */
export function checkEnvironmentSize(scope: Construct, asset: string, environment: Readonly<Record<string, string>>): void {
  const bytes = Object.entries(environment).reduce((sum, [name, value]) => sum + name.length + bytesOf(Stack.of(scope).resolve(value)), 0);
  if (bytes > MAX_BYTES) {
    throw new Error(`MarketplaceSaas: dimensions, registration and sellerAccess: received ${bytes} bytes of environment for the function ${asset}; `
      + `AWS Lambda takes ${MAX_BYTES} bytes: use fewer dimensions and metrics, or shorter names, URLs and external id`);
  }
}

function bytesOf(resolved: unknown): number {
  if (typeof resolved === 'string') {
    return Buffer.byteLength(resolved);
  }
  const joined = (resolved as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  return joined ? joined[1].reduce<number>((sum, part) => sum + bytesOf(part), 0) : REFERENCE_BYTES;
}
