/** Lets work run beside other work. If it fails, the error is thrown where it is awaited. */
export function begin<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** The same items, of which the first one is read at once, beside other reads. A failure shows where the items are used. */
export function readAhead<T>(items: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]();
  return continued(begin(iterator.next()), iterator);
}

/** The same items; undefined: there are none. Ends when the first one is read. */
export async function readFirst<T>(items: AsyncIterable<T>): Promise<AsyncIterable<T> | undefined> {
  const iterator = items[Symbol.asyncIterator]();
  const first = await iterator.next();
  return first.done ? undefined : continued(first, iterator);
}

async function* continued<T>(first: IteratorResult<T> | Promise<IteratorResult<T>>, iterator: AsyncIterator<T>): AsyncIterable<T> {
  for (let next = await first; !next.done; next = await iterator.next()) {
    yield next.value;
  }
}
