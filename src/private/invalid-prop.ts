import { Token } from 'aws-cdk-lib';

/** An error about one prop: its path, the value received, and what is right, in one sentence. */
export function invalidProp(path: string, received: unknown, right: string): Error {
  return new Error(`MarketplaceSaas: ${path}: received ${describe(received)}; ${right}`);
}

/** Complains of a value that is none of the enum's: one cast from context, a file or the environment. */
export function checkEnum<T extends string>(path: string, value: T, values: Readonly<Record<string, T>>): void {
  if (!Object.values(values).includes(value)) {
    throw invalidProp(path, value, `give one of ${Object.values(values).join(', ')}`);
  }
}

function describe(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  return Token.isUnresolved(value) ? 'a token' : JSON.stringify(value);
}
