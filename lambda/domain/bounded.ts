/** Maps with at most `limit` calls under way. Calls start, and results stand, in the order of `items`. */
export async function mapBounded<T, R>(items: readonly T[], limit: number, map: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await map(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/** All results, in order. Where one fails, the others end before: an invocation that ends must not leave calls under way. */
export async function allOf<T extends readonly unknown[]>(work: { readonly [index in keyof T]: Promise<T[index]> }): Promise<T> {
  await Promise.allSettled(work);
  return await Promise.all(work) as unknown as T;
}
