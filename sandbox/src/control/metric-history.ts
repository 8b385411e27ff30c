export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What was measured within a minute. */
export interface MetricMinute {
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

const MINUTE_MS = 60_000;

/** What was measured, by the minute of virtual time: what alarms look at. */
export class MetricHistory {
  private readonly series = new Map<string, Map<number, MetricMinute>>();

  /** @param time virtual epoch milliseconds */
  add(metric: MetricName, time: number, value: number): void {
    this.merge(metric, time, { sum: value, count: 1, min: value, max: value });
  }

  /** Adds what was measured at about that time. */
  merge(metric: MetricName, time: number, measured: MetricMinute): void {
    const key = keyOf(metric);
    const minutes = this.series.get(key) ?? new Map<number, MetricMinute>();
    this.series.set(key, minutes);
    const minute = Math.floor(time / MINUTE_MS);
    const before = minutes.get(minute);
    minutes.set(minute, before ? merged(before, measured) : measured);
  }

  isMeasured(metric: MetricName): boolean {
    return this.series.has(keyOf(metric));
  }

  /** What was measured from `start` until before `end`; undefined: nothing. */
  between(metric: MetricName, start: number, end: number): MetricMinute | undefined {
    const minutes = this.series.get(keyOf(metric));
    let total: MetricMinute | undefined;
    for (let minute = Math.floor(start / MINUTE_MS); minutes !== undefined && minute * MINUTE_MS < end; minute++) {
      const measured = minutes.get(minute);
      total = measured && total ? merged(total, measured) : total ?? measured;
    }
    return total;
  }

  clear(): void {
    this.series.clear();
  }
}

function merged(one: MetricMinute, other: MetricMinute): MetricMinute {
  return { sum: one.sum + other.sum, count: one.count + other.count, min: Math.min(one.min, other.min), max: Math.max(one.max, other.max) };
}

function keyOf({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => a < b ? -1 : 1)]);
}
