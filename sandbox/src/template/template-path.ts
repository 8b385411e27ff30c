import { AssemblyError } from './errors';

/** Where in a template something stands, for error messages. */
export class TemplatePath {
  constructor(
    private readonly owner: string,
    private readonly path: string = '',
  ) {}

  at(key: string | number): TemplatePath {
    if (typeof key === 'number') {
      return new TemplatePath(this.owner, `${this.path}[${key}]`);
    }
    return new TemplatePath(this.owner, this.path === '' ? key : `${this.path}.${key}`);
  }

  fail(message: string): never {
    throw new AssemblyError(`${this.toString()}: ${message}`);
  }

  toString(): string {
    return this.path === '' ? this.owner : `${this.owner}, ${this.path}`;
  }
}
