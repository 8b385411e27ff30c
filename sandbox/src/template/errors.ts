/** What is wrong with a cloud assembly, told so that its author can mend it. */
export class AssemblyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AssemblyError';
  }
}
