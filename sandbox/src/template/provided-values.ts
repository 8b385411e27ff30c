/**
 * Values that a resource has only once something has run: the app is deployed in rounds, and each reads the templates with the
 * values of the one before.
 */
export interface ProvidedValues {
  /** Value of `Ref`. */
  readonly physicalId: string;
  /** Values of `Fn::GetAtt`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** By {@link providedKey}. */
export type Provided = ReadonlyMap<string, ProvidedValues>;

const PENDING = 'pending-value-of:';

export function providedKey({ stack, logicalId }: { readonly stack: string; readonly logicalId: string }): string {
  return `${stack}/${logicalId}`;
}

/** What stands for a value that is not there yet. */
export function pendingValue(key: string, attribute: string): string {
  return `${PENDING}${key}.${attribute}`;
}

export function hasPendingValues(value: unknown): boolean {
  return JSON.stringify(value ?? null).includes(PENDING);
}
