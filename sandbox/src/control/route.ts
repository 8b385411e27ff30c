/** A request of the control API: method, path below `/_sandbox/`, and what answers it. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: RegExp;
  /** `parameters`: the groups of the path. Throws a ControlError when the request cannot be served. */
  run(body: unknown, parameters: readonly string[]): unknown;
}
