/** Real milliseconds that a request waits for an earlier one, which its process may have given up before it was sent. */
const LONGEST_WAIT_MILLIS = 250;

interface Requests {
  /** The number of the next one that begins. */
  next: number;
  readonly waiting: Map<number, () => void>;
}

/**
 * Begins the requests of a process in the order in which it made them: those that it makes together use several connections, which
 * may be read in another order each time.
 */
export class Turns {
  private readonly processes = new Map<string, Requests>();

  /** @param turn number of the request, from 0, and a name that no other process has: `3 name`. Absent: its order does not matter */
  async inTurn<T>(turn: string | undefined, begin: () => Promise<T>): Promise<T> {
    const [, number, name] = /^(\d+) (.+)$/.exec(turn ?? '') ?? [];
    if (name === undefined) {
      return begin();
    }
    const n = Number(number);
    const requests = this.requestsOf(name);
    if (n > requests.next) {
      await this.turnOf(n, requests);
    }
    const result = begin();
    if (n >= requests.next) {
      requests.next = n + 1;
      this.release(requests);
    }
    return result;
  }

  private requestsOf(name: string): Requests {
    const known = this.processes.get(name);
    if (known !== undefined) {
      return known;
    }
    const requests: Requests = { next: 0, waiting: new Map() };
    this.processes.set(name, requests);
    return requests;
  }

  private turnOf(n: number, { waiting }: Requests): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        clearTimeout(timer);
        waiting.delete(n);
        resolve();
      };
      const timer = setTimeout(begin, LONGEST_WAIT_MILLIS);
      waiting.set(n, begin);
    });
  }

  private release({ next, waiting }: Requests): void {
    for (const [n, begin] of waiting) {
      if (n <= next) {
        begin();
      }
    }
  }
}
