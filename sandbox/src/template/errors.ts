/** An error in a cloud assembly that its author can correct: shown without a stack trace. */
export class AssemblyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AssemblyError';
  }
}
