/** What functions measured, from the Embedded Metric Format lines on their stdout. */
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

export class MetricTotals {
  private readonly totals = new Map<string, MetricTotal>();

  /** Takes one line of a function's output; lines in another format mean nothing here. */
  take(line: string): void {
    if (!line.startsWith('{') || !line.includes('"CloudWatchMetrics"')) {
      return;
    }
    let record: Record<string, unknown>;
    try {
      record = JSON.parse(line);
    } catch {
      return;
    }
    const directives = (record._aws as { CloudWatchMetrics?: MetricDirective[] } | undefined)?.CloudWatchMetrics ?? [];
    for (const directive of directives) {
      this.add(directive, record);
    }
  }

  list(): MetricTotal[] {
    return [...this.totals.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
  }

  clear(): void {
    this.totals.clear();
  }

  private add(directive: MetricDirective, record: Readonly<Record<string, unknown>>): void {
    const names = [...new Set((directive.Dimensions ?? []).flat())].sort();
    const dimensions = Object.fromEntries(names.map((name) => [name, String(record[name])]));
    for (const { Name } of directive.Metrics ?? []) {
      const key = JSON.stringify([directive.Namespace, Name, dimensions]);
      const total = this.totals.get(key) ?? { namespace: directive.Namespace, name: Name, dimensions, sum: 0, count: 0, max: -Infinity };
      for (const value of [record[Name]].flat()) {
        if (typeof value !== 'number') {
          continue;
        }
        total.sum += value;
        total.count += 1;
        total.max = Math.max(total.max, value);
      }
      if (total.count > 0) {
        this.totals.set(key, total);
      }
    }
  }
}
