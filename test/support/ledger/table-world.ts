import { NO_ENDED_LICENSES, LedgerFixture } from './ledger-fixture';
import { tableStores } from './table-stores';
import { UsageTableAudit } from '../../../lambda/adapters/usage/audit';
import { MeteringDependencies } from '../../../lambda/metering/dependencies';
import { createHandler } from '../../../lambda/metering/handler';
import { Intake } from '../../../lambda/usage-intake/intake';
import { LocalDynamo } from '../dynoxide';

const CONTEXT = { getRemainingTimeInMillis: () => 300_000 };

/** Intake and the metering function over a real table. */
export async function tableWorld(dynamo: LocalDynamo, change: Partial<MeteringDependencies> = {}) {
  const stores = await tableStores(dynamo);
  const world = new LedgerFixture();
  const options = { ...world.deps, ...stores, ...change };
  const handler = createHandler(() => ({ ...options, ledger: stores.newLedger() }), new UsageTableAudit(stores.table));
  const intake = new Intake({ ...options, store: stores.intake, endedLicenses: NO_ENDED_LICENSES, closeGrace: options.rules.closeGrace });
  return {
    world,
    stores,
    table: stores.table.tableName,
    invoke: async (event: unknown) => handler(event, CONTEXT),
    report: async (quantity: number, fields: Record<string, unknown> = {}) => {
      const [taken] = await intake.take([{ original: world.record(quantity, fields) }]);
      if (taken.status !== 'ACCEPTED') {
        throw new Error(`Not taken: ${JSON.stringify(taken)}`);
      }
    },
  };
}
