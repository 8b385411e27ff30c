import { createHash } from 'node:crypto';
import { OutgoingMessage, SentMessage } from './message';
import type { QueueModel } from './model';

const WINDOW_MILLIS = 5 * 60_000;

/** What of an answer repeats when a message is sent again. */
export type SentBefore = Pick<SentMessage, 'MessageId' | 'SequenceNumber'>;

/** By which a FIFO queue knows a message again; undefined when nothing says so. */
export function deduplicationId(queue: QueueModel, { body, deduplicationId: given }: OutgoingMessage): string | undefined {
  if (given || !queue.contentBasedDeduplication || typeof body !== 'string') {
    return given || undefined;
  }
  return createHash('sha256').update(body).digest('hex');
}

/** What FIFO queues took in the last five minutes of virtual time: they accept it again, and do nothing. */
export class Deduplication {
  private readonly sent = new Map<string, { readonly at: number; readonly answer: SentBefore }>();

  find(queue: QueueModel, id: string, now: number): SentBefore | undefined {
    const known = this.sent.get(keyOf(queue, id));
    return known && now - known.at < WINDOW_MILLIS ? known.answer : undefined;
  }

  remember(queue: QueueModel, id: string, now: number, answer: SentBefore): void {
    for (const [key, { at }] of this.sent) {
      if (now - at < WINDOW_MILLIS) {
        break;
      }
      this.sent.delete(key);
    }
    this.sent.delete(keyOf(queue, id));
    this.sent.set(keyOf(queue, id), { at: now, answer });
  }

  clear(): void {
    this.sent.clear();
  }
}

function keyOf(queue: QueueModel, id: string): string {
  return `${queue.arn} ${id}`;
}
