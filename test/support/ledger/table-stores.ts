import { OPEN_GATE } from './gate';
import { MemoryStore } from './memory-store';
import { Outbox } from '../../../lambda/adapters/events/outbox';
import { UsageTableAllowances } from '../../../lambda/adapters/usage/allowances';
import { UsageTableControl } from '../../../lambda/adapters/usage/control';
import { UsageTableDue } from '../../../lambda/adapters/usage/due';
import { UsageTableIntake } from '../../../lambda/adapters/usage/intake';
import { UsageTableLedger } from '../../../lambda/adapters/usage/ledger';
import { UsageTable } from '../../../lambda/adapters/usage/table';
import { DomainEvent } from '../../../lambda/domain/domain-event';
import { AllowanceStore, ControlStore, DueStore, IntakeStore, LedgerStore } from '../../../lambda/domain/usage/ports';
import { UsageIndex } from '../../../src/names';
import { LocalDynamo } from '../dynoxide';

export interface Stores {
  readonly intake: IntakeStore;
  readonly ledger: LedgerStore;
  readonly allowances: AllowanceStore;
  readonly due: DueStore;
  readonly control: ControlStore;
  readonly published: readonly DomainEvent[];
}

export interface TableStores extends Stores {
  readonly table: UsageTable;
  readonly subscriptionsTable: string;
  readonly outbox: Outbox;
  /** The ledger as one invocation has it: with an outbox of its own. */
  readonly newLedger: () => UsageTableLedger;
  readonly bus: { available: boolean; attempts: number };
}

export function memoryStores(): Stores {
  const store = new MemoryStore(OPEN_GATE);
  return { intake: store, ledger: store, allowances: store, due: store, control: store, published: store.published };
}

/** The adapters on a fresh table of a real engine. */
export async function tableStores(dynamo: LocalDynamo): Promise<TableStores> {
  const { usage, subscriptions } = await dynamo.createTables();
  const published: DomainEvent[] = [];
  const bus = { available: true, attempts: 0 };
  const publisher = {
    publish: async (events: readonly DomainEvent[]) => {
      bus.attempts += 1;
      if (!bus.available) throw new Error('The bus is unavailable');
      published.push(...events);
    },
  };
  const newOutbox = () => new Outbox(dynamo.documentClient, publisher, usage, UsageIndex.OUTBOX);
  const outbox = newOutbox();
  const table = new UsageTable(dynamo.documentClient, usage);
  const newLedger = () => new UsageTableLedger(table, newOutbox(), async () => {});
  return {
    table,
    subscriptionsTable: subscriptions,
    outbox,
    newLedger,
    bus,
    published,
    intake: new UsageTableIntake(table, outbox),
    ledger: newLedger(),
    allowances: new UsageTableAllowances(table),
    due: new UsageTableDue(table),
    control: new UsageTableControl(table),
  };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
