import type { TableModel } from './model';
import { AssemblyError } from '../../template';

/** One DynamoDB engine serves all accounts and regions. */
export function checkTableNames(tables: readonly TableModel[]): void {
  const known = new Map<string, TableModel>();
  for (const table of tables) {
    const other = known.get(table.name);
    if (other) {
      throw new AssemblyError(`The sandbox keeps the tables of all accounts and regions together, and "${table.name}" is the name of two: `
        + `${other.logicalId} in stack ${other.stack} and ${table.logicalId} in stack ${table.stack}. `
        + 'Leave one of them out with "--stack", or leave the name out in the app.');
    }
    known.set(table.name, table);
  }
}
