/** A copy without the fields that are undefined, so that an absent field is absent in events, answers and items too. */
export function defined<T extends object>(value: T): T {
  if (!Object.values(value).includes(undefined)) {
    return { ...value };
  }
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
