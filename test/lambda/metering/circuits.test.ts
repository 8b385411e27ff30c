import type { Bucket } from '../../../lambda/domain/usage/ledger/bucket';
import type { Circuit } from '../../../lambda/domain/usage/ledger/circuit';
import { MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import type { ControlStore } from '../../../lambda/domain/usage/ports';
import { Circuits } from '../../../lambda/metering/circuits';
import { SILENT } from '../../support/ledger/ledger-fixture';

const bucket = (hour: string): Bucket => ({ licenseId: 'l-a', dimension: 'ApiCalls', hour });
const NOW = Date.parse('2026-11-23T12:00:00Z');

async function circuits(stored: Map<string, Circuit> = new Map()): Promise<{ circuits: Circuits; stored: Map<string, Circuit> }> {
  const control = {
    readCircuits: async () => [...stored.values()],
    writeCircuit: async (circuit: Circuit) => void stored.set(circuit.key, circuit),
    closeCircuit: async (key: string) => void stored.delete(key),
  } as unknown as ControlStore;
  return { circuits: await Circuits.load(control, { now: () => NOW }, SILENT), stored };
}

const license = { licenseId: 'l-a', status: 'ACTIVE' } as const;

test('the answer to a call that left before the service failed lets no other record through', async () => {
  const { circuits: open } = await circuits();
  await open.outcomeUnknown([bucket('2026-11-23T10'), bucket('2026-11-23T09')], 'TimeoutError');
  await open.answered([bucket('2026-11-23T08')]);
  expect(open.probe).toEqual(bucket('2026-11-23T10'));
  expect(open.gate(bucket('2026-11-23T07'), license)).toBe('WAIT');
  await open.answered([bucket('2026-11-23T10')]);
  expect(open.gate(bucket('2026-11-23T07'), license)).toBe('SEND');
});

test('calls that fail together do not use up the attempts of the probe', async () => {
  const { circuits: open } = await circuits();
  for (const hour of ['2026-11-23T07', '2026-11-23T08', '2026-11-23T09', '2026-11-23T10']) {
    await open.outcomeUnknown([bucket(hour)], 'TimeoutError');
  }
  expect(open.mayProbe).toBe(true);
  await open.outcomeUnknown([open.probe!], 'TimeoutError');
  await open.outcomeUnknown([open.probe!], 'TimeoutError');
  expect(open.mayProbe).toBe(false);
});

test('several records of a suspended buyer are one failure in a run, and one more in the next', async () => {
  const { circuits: open, stored } = await circuits();
  await open.refused('LICENSE', bucket('2026-11-23T09'), 'CustomerNotSubscribed');
  await open.refused('LICENSE', bucket('2026-11-23T10'), 'CustomerNotSubscribed');
  expect([...stored.values()].map(({ failures, retryAt }) => [failures, retryAt - NOW])).toEqual([[1, 5 * MINUTE_MS]]);
  const { circuits: next } = await circuits(stored);
  await next.refused('LICENSE', bucket('2026-11-23T10'), 'CustomerNotSubscribed');
  expect([...stored.values()].map(({ failures }) => failures)).toEqual([2]);
});

test('a license that AWS takes again and then refuses in one run has failed anew', async () => {
  const { circuits: open, stored } = await circuits();
  await open.refused('LICENSE', bucket('2026-11-23T09'), 'CustomerNotSubscribed');
  await open.accepted(bucket('2026-11-23T09'));
  expect([stored.size, open.isTaken(bucket('2026-11-23T10'))]).toEqual([0, true]);
  await open.refused('LICENSE', bucket('2026-11-23T10'), 'CustomerNotSubscribed');
  expect(stored.size).toBe(1);
});

test('fewer new licenses share a call after one was refused with its whole call, and as many as before after a suspended buyer', async () => {
  const { circuits: open } = await circuits();
  await open.refused('LICENSE', bucket('2026-11-23T09'), 'CustomerNotSubscribed');
  expect(open.newLicensesPerCall).toBe(25);
  await open.refused('LICENSE', { ...bucket('2026-11-23T09'), licenseId: 'l-b' }, 'InvalidLicenseException');
  expect(open.newLicensesPerCall).toBe(1);
});

test('another bucket that becomes the probe is stored before it is sent, so that the next run takes the same', async () => {
  const { circuits: open, stored } = await circuits();
  await open.outcomeUnknown([bucket('2026-11-23T10')], 'TimeoutError');
  await open.probeWith(bucket('2026-11-23T09'));
  const { circuits: next } = await circuits(stored);
  expect(next.probe).toEqual(bucket('2026-11-23T09'));
});
