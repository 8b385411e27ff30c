import type { Log, MetricSink } from '../../lambda/domain/ports';
import type { MetricDefinition } from '../../src/names';

/** Log and metrics of a handler under test: what operators and alarms would see. Metrics are by name. */
export class Telemetry implements Log, MetricSink {
  /** Log lines, as JSON. */
  readonly lines: string[] = [];
  /** All values of a metric, added up. */
  readonly counts = new Map<string, number>();
  /** The last value of a metric. */
  readonly last = new Map<string, number>();
  /** Counts as they add up, other metrics as last written; a test may reset them. */
  readonly values: Record<string, number> = {};

  debug(message: string, fields?: object): void { this.lines.push(JSON.stringify({ message, ...fields })); }
  info(message: string, fields?: object): void { this.debug(message, fields); }
  warn(message: string, fields?: object): void { this.debug(message, fields); }
  error(message: string, fields?: object): void { this.debug(message, fields); }

  /** Lines of the log with this message. */
  logged(message: string): Record<string, unknown>[] {
    return this.lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.message === message);
  }

  add({ name, unit }: MetricDefinition, value = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + value);
    this.last.set(name, value);
    this.values[name] = unit === 'Count' ? (this.values[name] ?? 0) + value : value;
  }

  flush(): void {}
}

export const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
