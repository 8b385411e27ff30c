/** Stands before and after every operation that leaves the process: to count, to interleave, to crash. */
export interface Gate {
  pass(operation: string, when: 'before' | 'after'): Promise<void>;
}

export const OPEN_GATE: Gate = { pass: async () => {} };

/** Runs `act` between both sides of the gate. */
export async function gated<T>(gate: Gate, operation: string, act: () => T): Promise<T> {
  await gate.pass(operation, 'before');
  const result = act();
  await gate.pass(operation, 'after');
  return result;
}

/** Keeps in mind which operations passed, and lets something happen in the middle of them: another run, late usage, a failure. */
export class Steps implements Gate {
  operations: string[] = [];
  private readonly meanwhile = new Map<string, () => Promise<unknown>>();
  private paused = false;

  /** Once, before the next such operation. What `act` does itself is not counted. */
  before(operation: string, act: () => Promise<unknown>): void {
    this.meanwhile.set(`before ${operation}`, act);
  }

  /** Once, after the next such operation. */
  after(operation: string, act: () => Promise<unknown>): void {
    this.meanwhile.set(`after ${operation}`, act);
  }

  count(operation: string): number {
    return this.operations.filter((other) => other === operation).length;
  }

  async pass(operation: string, when: 'before' | 'after'): Promise<void> {
    if (this.paused) {
      return;
    }
    if (when === 'before') {
      this.operations.push(operation);
    }
    const act = this.meanwhile.get(`${when} ${operation}`);
    if (act) {
      this.meanwhile.delete(`${when} ${operation}`);
      this.paused = true;
      try {
        await act();
      } finally {
        this.paused = false;
      }
    }
  }
}
