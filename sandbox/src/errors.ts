/** The sandbox cannot start, for a reason its user can do something about: shown without a stack. */
export class StartupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartupError';
  }
}
