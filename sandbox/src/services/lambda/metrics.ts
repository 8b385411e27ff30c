import type { MetricHistory, MetricMinute, MetricName } from '../../control/metric-history';

/** What was measured: in Embedded Metric Format on the stdout of functions, or sent to CloudWatch. */
export interface MetricTotal {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  sum: number;
  count: number;
  max: number;
}

interface MetricDirective {
  readonly Namespace: string;
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name: string }[];
}

interface EmbeddedMetrics {
  readonly CloudWatchMetrics?: readonly MetricDirective[];
  /** Epoch milliseconds. */
  readonly Timestamp?: number;
}

export class MetricTotals {
  private readonly totals = new Map<string, MetricTotal>();

  /** @param history gets each value too */
  constructor(private readonly history: MetricHistory) {}

  /** Takes one line of a function's output, read at `now`; lines in another format mean nothing here. */
  take(line: string, now: number): void {
    if (!line.startsWith('{') || !line.includes('"CloudWatchMetrics"')) {
      return;
    }
    let record: Record<string, unknown>;
    try {
      record = JSON.parse(line);
    } catch {
      return;
    }
    const { CloudWatchMetrics: directives = [], Timestamp: time = now } = (record._aws ?? {}) as EmbeddedMetrics;
    for (const directive of directives) {
      this.add(directive, record, Math.min(time, now));
    }
  }

  /** Takes what was sent to CloudWatch. */
  put(metric: MetricName, time: number, measured: MetricMinute): void {
    const { sum, count, max } = measured;
    const total = this.total(metric);
    Object.assign(total, { sum: total.sum + sum, count: total.count + count, max: Math.max(total.max, max) });
    this.history.merge(metric, time, measured);
  }

  list(): MetricTotal[] {
    return [...this.totals.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
  }

  clear(): void {
    this.totals.clear();
  }

  private add(directive: MetricDirective, record: Readonly<Record<string, unknown>>, time: number): void {
    const names = [...new Set((directive.Dimensions ?? []).flat())].sort();
    const dimensions = Object.fromEntries(names.map((name) => [name, String(record[name])]));
    for (const { Name } of directive.Metrics ?? []) {
      for (const value of [record[Name]].flat()) {
        if (typeof value !== 'number') {
          continue;
        }
        const total = this.total({ namespace: directive.Namespace, name: Name, dimensions });
        total.sum += value;
        total.count += 1;
        total.max = Math.max(total.max, value);
        for (const set of directive.Dimensions ?? [[]]) {
          const own = Object.fromEntries(set.map((name) => [name, String(record[name])]));
          this.history.add({ namespace: directive.Namespace, name: Name, dimensions: own }, time, value);
        }
      }
    }
  }

  private total({ namespace, name, dimensions }: MetricName): MetricTotal {
    const inOrder = Object.fromEntries(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
    const key = JSON.stringify([namespace, name, inOrder]);
    const total = this.totals.get(key) ?? { namespace, name, dimensions: inOrder, sum: 0, count: 0, max: -Infinity };
    this.totals.set(key, total);
    return total;
  }
}
