import type { TemplatePath } from './template-path';

/**
 * A resolved part of a template, read as the type it must have. CloudFormation takes `"30"` for 30 and `"true"` for true,
 * and so does this.
 */
export class Value {
  constructor(
    readonly data: unknown,
    readonly place: TemplatePath,
  ) {}

  get exists(): boolean {
    return this.data !== undefined && this.data !== null;
  }

  /** An entry of an object. An absent object has absent entries. */
  get(key: string): Value {
    const own = this.exists ? this.record() : {};
    return new Value(Object.hasOwn(own, key) ? own[key] : undefined, this.place.at(key));
  }

  string(fallback?: string): string {
    const value = this.data ?? fallback;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : this.mismatch('a text');
  }

  optionalString(): string | undefined {
    return this.exists ? this.string() : undefined;
  }

  number(fallback?: number): number {
    const value = this.data ?? fallback;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : this.mismatch('a number');
  }

  optionalNumber(): number | undefined {
    return this.exists ? this.number() : undefined;
  }

  boolean(fallback?: boolean): boolean {
    const value = this.data ?? fallback;
    if (value === true || value === 'true') {
      return true;
    }
    if (value === false || value === 'false') {
      return false;
    }
    return this.mismatch('true or false');
  }

  oneOf<T extends string>(allowed: readonly T[]): T {
    const value = this.string();
    return allowed.find((candidate) => candidate === value) ?? this.mismatch(`one of ${allowed.join(', ')}`);
  }

  /** Empty when absent. */
  list(): Value[] {
    const value = this.data ?? [];
    return Array.isArray(value) ? value.map((entry, index) => new Value(entry, this.place.at(index))) : this.mismatch('a list');
  }

  /** Empty when absent. */
  strings(): string[] {
    return this.list().map((entry) => entry.string());
  }

  record(): Record<string, unknown> {
    return typeof this.data === 'object' && this.data !== null && !Array.isArray(this.data)
      ? { ...this.data }
      : this.mismatch('an object');
  }

  private mismatch(wanted: string): never {
    return this.place.fail(this.exists ? `${wanted} is needed, but this is ${JSON.stringify(this.data)}.` : `${wanted} is needed, but nothing is given.`);
  }
}
