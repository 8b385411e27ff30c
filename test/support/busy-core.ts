import { Worker } from 'node:worker_threads';

/** Keeps a core busy while the tests of the file run. */
export function useBusyCore(): void {
  let worker: Worker;
  beforeAll(() => {
    worker = new Worker('for (;;);', { eval: true });
  });
  afterAll(async () => {
    await worker.terminate();
  });
}
