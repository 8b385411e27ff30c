/** An error in the command line that its author can correct. */
export class UsageError extends Error {}
