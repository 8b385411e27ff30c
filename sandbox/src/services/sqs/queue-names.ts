import type { QueueModel } from './model';

/** Gives queues of the engine's answers the URLs and ARNs they have outside. */
export class QueueNames {
  private readonly byName: ReadonlyMap<string, QueueModel>;

  constructor(queues: readonly QueueModel[]) {
    this.byName = new Map(queues.map((queue) => [queue.name, queue]));
  }

  /** Replaces every queue URL and queue ARN in an answer, at any depth, also within JSON texts; hides the engine's own queues. */
  outward(value: unknown): unknown {
    if (typeof value === 'string') {
      return this.text(value);
    }
    if (Array.isArray(value)) {
      return value.filter((member) => !(typeof member === 'string' && /--staging(\.fifo)?$/.test(member))).map((member) => this.outward(member));
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.outward(member)]));
  }

  private text(value: string): string {
    return value
      .replace(/http:\/\/sqs\.[^/"]+\/\d{12}\/([\w.-]+)/g, (match, name: string) => this.byName.get(name)?.url ?? match)
      .replace(/arn:aws:sqs:[\w-]+:\d{12}:([\w.-]+)/g, (match, name: string) => this.byName.get(name)?.arn ?? match);
  }
}
