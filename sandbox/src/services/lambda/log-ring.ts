import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

/** A stack trace in a minified bundle quotes the line it is in, which is the whole bundle. */
const LONGEST_LINE = 2000;

/** The last lines a function wrote. */
export class LogRing {
  private readonly kept: string[] = [];
  private notReported = 0;

  constructor(private readonly capacity: number, private readonly onLine: (line: string) => void) {}

  follow(stream: Readable): void {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => this.add(line));
  }

  lines(): readonly string[] {
    return this.kept;
  }

  /** The last lines, at most `count`, that were not asked for this way before. */
  fresh(count: number): readonly string[] {
    const fresh = this.notReported === 0 ? [] : this.kept.slice(-Math.min(count, this.notReported));
    this.notReported = 0;
    return fresh;
  }

  clear(): void {
    this.kept.length = 0;
    this.notReported = 0;
  }

  private add(line: string): void {
    this.kept.push(line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}… (${line.length} characters)` : line);
    this.notReported++;
    if (this.kept.length > this.capacity) {
      this.kept.shift();
    }
    this.onLine(line);
  }
}
