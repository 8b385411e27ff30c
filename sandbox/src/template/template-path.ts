import { AssemblyError } from './errors';

/** Where in a template something stands, for error messages. */
export class TemplatePath {
  constructor(
    private readonly owner: string,
    private readonly path: string = '',
    /** What stands there has no part in what the sandbox plays. */
    readonly isInert = false,
  ) {}

  at(key: string | number): TemplatePath {
    if (typeof key === 'number') {
      return new TemplatePath(this.owner, `${this.path}[${key}]`, this.isInert);
    }
    return new TemplatePath(this.owner, this.path === '' ? key : `${this.path}.${key}`, this.isInert);
  }

  fail(message: string): never {
    throw new AssemblyError(`${this.toString()}: ${message}`);
  }

  toString(): string {
    return this.path === '' ? this.owner : `${this.owner}, ${this.path}`;
  }
}
