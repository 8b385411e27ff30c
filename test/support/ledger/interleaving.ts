import { AsyncLocalStorage } from 'node:async_hooks';
import { Gate } from './gate';

interface Parked {
  readonly task: Task;
  readonly operation: string;
  readonly when: 'before' | 'after';
  readonly go: () => void;
}

/** A handler's invocation among others. Once it is dead, nothing of it ever goes on. */
export interface Task {
  readonly name: string;
  state: 'RUNNING' | 'DONE' | 'FAILED' | 'DEAD';
  steps: number;
  error?: unknown;
}

/**
 * Runs invocations as interleaved as somebody else decides: each stops before and after every operation, until it is let
 * go on. A killed one stops for ever, in the middle of what it did, like a process that dies.
 */
export class Interleaving implements Gate {
  readonly tasks: Task[] = [];
  /** Steps that were taken, for messages. */
  readonly trace: string[] = [];
  private readonly current = new AsyncLocalStorage<Task>();
  private parked: Parked[] = [];

  async pass(operation: string, when: 'before' | 'after'): Promise<void> {
    const task = this.current.getStore();
    if (!task) return;
    await new Promise<void>((go) => { this.parked.push({ task, operation, when, go }); });
  }

  start(name: string, act: () => Promise<unknown>): Task {
    const task: Task = { name, state: 'RUNNING', steps: 0 };
    this.tasks.push(task);
    void this.current.run(task, async () => act().then(
      () => { if (task.state !== 'DEAD') task.state = 'DONE'; },
      (error: unknown) => {
        task.error = error;
        if (task.state !== 'DEAD') task.state = 'FAILED';
      },
    ));
    return task;
  }

  /** What could happen next, in the order in which it was reached. */
  async choices(): Promise<readonly Parked[]> {
    // every promise that can go on has gone on when the event loop comes round
    await new Promise((resolve) => setImmediate(resolve));
    return this.parked.filter(({ task }) => task.state === 'RUNNING');
  }

  step(choice: Parked): void {
    this.trace.push(`${choice.task.name} ${choice.when} ${choice.operation}`);
    choice.task.steps += 1;
    this.parked = this.parked.filter((other) => other !== choice);
    choice.go();
  }

  kill(task: Task): void {
    this.trace.push(`${task.name} dies`);
    task.state = 'DEAD';
  }

  /** Lets one task go on until it stands before or after an operation; true when it got there. */
  async until(task: Task, operation: string, when: 'before' | 'after' = 'before'): Promise<boolean> {
    for (;;) {
      const mine = (await this.choices()).filter((choice) => choice.task === task);
      if (mine.length === 0) return false;
      if (mine.some((choice) => choice.operation === operation && choice.when === when)) return true;
      this.step(mine[0]);
    }
  }

  /** Lets one task run to its end. */
  async finish(task: Task): Promise<void> {
    await this.until(task, 'the end');
    if (task.error !== undefined) throw task.error;
  }
}
