/** Where the present comes from: handlers get it from outside, the domain gets instants. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}
