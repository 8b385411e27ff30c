import { Table } from './report';
import { hourOf, HOUR_MS, MINUTE_MS } from '../../lambda/domain/usage/ledger/hour';
import { METRICS } from '../../src/names';
import { DIMENSIONS, LedgerFixture } from '../support/ledger/ledger-fixture';

const BUYERS = 100;
const RUN_MS = 15 * MINUTE_MS;
const MONTH_MS = 30 * 24 * HOUR_MS;
/** Counts of one run that raise an alarm. */
const ALARMING = [
  METRICS.METERING_CONFIGURATION_ERRORS, METRICS.METERING_RECORDS_UNRESOLVED, METRICS.METERING_CONFLICTS, METRICS.USAGE_RECORDS_REJECTED,
];
/** In seconds, as the alarm on pending usage has it. */
const PENDING_USAGE_AGE = 6 * 3600;

/**
 * Minutes of a month, in virtual time, in which an alarm of metering is on though no unit waits: AWS suspended 1 % of the
 * buyers, who use nothing, and refuses one dimension for another buyer, who does not use it.
 */
export async function falseAlarms(): Promise<Table> {
  const world = new LedgerFixture({ rules: { reportZeroUsage: true }, dimensions: DIMENSIONS });
  world.directory.licenses.clear();
  const buyers = Array.from({ length: BUYERS }, (_, index) => `l-${String(index).padStart(4, '0')}`);
  buyers.forEach((license) => world.subscribe(license));
  const [suspended, withoutUnits, ...others] = buyers;
  world.api.notSubscribed.add(suspended);
  world.api.refuses = ({ licenseArn, dimension }) =>
    (dimension === 'Units' && licenseArn.endsWith(withoutUnits) ? 'InvalidUsageDimensionException' : undefined);
  let minutes = 0;
  let used = 0;
  for (const end = world.now + MONTH_MS; world.now < end;) {
    const started = world.now;
    if (started % HOUR_MS === 0) {
      await world.report(1, { license: others[used % others.length] });
      used += 1;
    }
    const before = ALARMING.map(({ name }) => world.metrics.counts.get(name) ?? 0);
    await world.run();
    const counted = ALARMING.some(({ name }, index) => (world.metrics.counts.get(name) ?? 0) > before[index]);
    minutes += counted || await world.pendingAge() >= PENDING_USAGE_AGE ? RUN_MS / MINUTE_MS : 0;
    forgetFinished(world);
    world.now = started + RUN_MS;
  }
  return {
    title: `A month of ${BUYERS} buyers, one suspended, one refused a dimension`,
    columns: ['units used', 'units billed', 'calls', 'false-alarm minutes'],
    rows: [[used, world.api.total(), world.api.calls.length, minutes]],
  };
}

/** Keeps the memory of the model small. */
function forgetFinished({ store, now }: LedgerFixture): void {
  for (const [id, { meta }] of store.partitions) {
    if (meta && meta.dueAt === undefined && meta.bucket.hour < hourOf(now - 3 * HOUR_MS)) {
      store.partitions.delete(id);
    }
  }
}
