import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

/** The last lines a function wrote. */
export class LogRing {
  private readonly kept: string[] = [];

  constructor(private readonly capacity: number, private readonly onLine: (line: string) => void) {}

  follow(stream: Readable): void {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => this.add(line));
  }

  lines(): readonly string[] {
    return this.kept;
  }

  clear(): void {
    this.kept.length = 0;
  }

  private add(line: string): void {
    this.kept.push(line);
    if (this.kept.length > this.capacity) this.kept.shift();
    this.onLine(line);
  }
}
