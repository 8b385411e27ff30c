/** An error about one prop: its path, the value received, and what is right, in one sentence. */
export function invalidProp(path: string, received: unknown, right: string): Error {
  return new Error(`MarketplaceSaas: ${path}: received ${describe(received)}; ${right}`);
}

function describe(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
