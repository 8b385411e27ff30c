/** The sandbox cannot start, for a reason that its user can remove: shown without a stack trace. */
export class StartupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartupError';
  }
}

/** A request to the control API that cannot be served: answered as `{"error": {code, message}}` with `status`. */
export class ControlError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
    this.name = 'ControlError';
  }
}

/** An error of an AWS API, before it has the format of a protocol. */
export class AwsError extends Error {
  constructor(readonly code: string, message: string, readonly status = 400) {
    super(message);
    this.name = 'AwsError';
  }
}

/** A destination exists, and refuses what was sent to it. */
export class DeliveryError extends Error {}
