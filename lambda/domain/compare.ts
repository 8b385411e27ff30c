/** Orders texts by their UTF-16 units, which is the same on every host. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
