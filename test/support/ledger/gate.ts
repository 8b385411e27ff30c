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
