/** The object without its undefined fields, so that an absent field is absent in events, answers and items too. */
export function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
