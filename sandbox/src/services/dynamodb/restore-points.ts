import type { DynamoDb, Item } from './engine';
import { AwsError } from '../../errors';
import type { Clock } from '../../ports';

/** The content of all tables at a moment, and until when it stayed the same: epoch seconds. */
interface RestorePoint {
  readonly at: number;
  until: number;
  readonly tables: ReadonlyMap<string, readonly Item[]>;
}

/**
 * The moments to which tables can be restored: AWS keeps all of them, the sandbox those that were asked for, up to the next
 * write to any table.
 */
export class RestorePoints {
  private readonly points: RestorePoint[] = [];

  constructor(private readonly engine: DynamoDb, private readonly clock: Clock) {}

  /** Keeps the present content of all tables. */
  async mark(): Promise<void> {
    const tables = new Map<string, readonly Item[]>();
    for (const name of await this.engine.tableNames()) {
      tables.set(name, await this.present(name));
    }
    this.points.push({ at: this.seconds(), until: Infinity, tables });
  }

  /** Something was written. */
  noteWrite(): void {
    const last = this.points.at(-1);
    if (last?.until === Infinity) {
      last.until = this.seconds();
    }
  }

  /** @param time epoch seconds */
  at(time: number, table: string): readonly Item[] {
    const point = this.points.filter(({ at, until, tables }) => tables.has(table) && at <= time && time <= until).at(-1);
    if (!point || time > this.clock.now() / 1000) {
      throw new AwsError('InvalidRestoreTimeException', `${table} cannot be restored to ${new Date(time * 1000).toISOString()}: the sandbox restores to the latest `
        + 'time, or to a moment that POST /_sandbox/restore-points has kept');
    }
    return point.tables.get(table)!;
  }

  earliest(now: number): number {
    return this.points[0]?.at ?? now;
  }

  async present(TableName: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    for await (const item of this.engine.scan({ TableName })) {
      items.push(item);
    }
    return items;
  }

  clear(): void {
    this.points.length = 0;
  }

  private seconds(): number {
    return Math.floor(this.clock.now() / 1000);
  }
}
