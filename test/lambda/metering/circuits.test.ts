import type { Bucket } from '../../../lambda/domain/usage/ledger/bucket';
import type { Circuit, CircuitScope } from '../../../lambda/domain/usage/ledger/circuit';
import { MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import type { ControlStore } from '../../../lambda/domain/usage/ports';
import { Circuits } from '../../../lambda/metering/circuits';
import { Telemetry } from '../../support/telemetry';

const bucket = (hour: string): Bucket => ({ licenseId: 'l-a', dimension: 'ApiCalls', hour });
const NOW = Date.parse('2026-11-23T12:00:00Z');

async function circuits(stored: Map<string, Circuit> = new Map(), now = NOW) {
  const writes: string[] = [];
  const log = new Telemetry();
  const control = {
    readCircuits: async () => [...stored.values()],
    writeCircuit: async (circuit: Circuit) => {
      writes.push(circuit.key);
      stored.set(circuit.key, circuit);
    },
    closeCircuit: async (key: string) => void stored.delete(key),
  } as unknown as ControlStore;
  return { circuits: await Circuits.load(control, { now: () => now }, log), stored, writes, control, log };
}

const license = { licenseId: 'l-a', status: 'ACTIVE' } as const;
const ending = { licenseId: 'l-a', status: 'ENDING' } as const;
/** When a circuit that failed once is tried again. */
const LATER = NOW + 5 * MINUTE_MS;

/** Circuits of earlier runs. */
async function refusedBefore(...failures: [CircuitScope, Bucket, string][]): Promise<Map<string, Circuit>> {
  const { circuits: open, stored } = await circuits();
  for (const failure of failures) await open.refused(...failure);
  return stored;
}

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

describe('a license that ends', () => {
  test('a license that ends is sent among others while it is suspended, as this makes AWS refuse no other record', async () => {
    const { circuits: open } = await circuits(await refusedBefore(['LICENSE', bucket('2026-11-23T09'), 'CustomerNotSubscribed']));
    expect([open.gate(bucket('2026-11-23T10'), license), open.gate(bucket('2026-11-23T10'), ending)]).toEqual(['WAIT', 'SEND']);
    expect([open.passes(bucket('2026-11-23T10'), license), open.passes(bucket('2026-11-23T10'), ending)]).toEqual([false, true]);
  });

  test('a license that ends is tried alone, once in a run, where its record makes AWS refuse the whole call', async () => {
    const { circuits: open } = await circuits(await refusedBefore(['LICENSE', bucket('2026-11-23T09'), 'InvalidLicenseException']));
    expect(open.passes(bucket('2026-11-23T09'), ending)).toBe(false);
    expect(['09', '10'].map((hour) => open.gate(bucket(`2026-11-23T${hour}`), ending))).toEqual(['ALONE', 'WAIT']);
    expect(['09', '10'].map((hour) => open.passes(bucket(`2026-11-23T${hour}`), ending))).toEqual([true, false]);
  });
});

describe('what AWS refused before', () => {
  test('what AWS refused before is tried again by the newest record that waits behind it, once its time has come', async () => {
    const stored = await refusedBefore(['LICENSE', bucket('2026-11-23T09'), 'CustomerNotSubscribed']);
    for (const [now, retries] of [[LATER - 1, []], [LATER, [bucket('2026-11-23T11')]]] as const) {
      const { circuits: open } = await circuits(stored, now);
      for (const hour of ['10', '11', '09']) open.gate(bucket(`2026-11-23T${hour}`), license);
      expect(open.retries(10)).toEqual(retries);
    }
  });

  test('what AWS refused before is not tried again by a record that has to wait for something else', async () => {
    const refused = bucket('2026-11-23T09');
    const stored = await refusedBefore(['BUCKET', refused, 'InvalidTagException'], ['LICENSE', refused, 'CustomerNotSubscribed']);
    stored.set('LICENSE#l-a', { ...stored.get('LICENSE#l-a')!, retryAt: LATER + MINUTE_MS });
    const { circuits: open } = await circuits(stored, LATER);
    expect([open.gate(refused, license), open.retries(10)]).toEqual(['WAIT', []]);
    const { circuits: later } = await circuits(stored, LATER + MINUTE_MS);
    expect([later.gate(refused, license), later.retries(10)]).toEqual(['WAIT', [refused]]);
  });

  test('what AWS refused before is tried once in a run, whichever of its records is tried', async () => {
    const refused = bucket('2026-11-23T09');
    const { circuits: open } = await circuits(await refusedBefore(['BUCKET', refused, 'InvalidTagException'], ['LICENSE', refused, 'CustomerNotSubscribed']));
    expect(open.beginTrial(bucket('2026-11-23T10'))).toBe(true);
    expect(['10', '11', '09'].map((hour) => open.beginTrial(bucket(`2026-11-23T${hour}`)))).toEqual([false, false, false]);
  });
});

describe('while the outcome of a call is unknown', () => {
  test('the youngest record of the call is the probe, as it can be sent for longest', async () => {
    const { circuits: open } = await circuits();
    await open.outcomeUnknown(['08', '10', '09'].map((hour) => bucket(`2026-11-23T${hour}`)), 'TimeoutError');
    expect(open.probe).toEqual(bucket('2026-11-23T10'));
    expect(['09', '10'].map((hour) => open.passes(bucket(`2026-11-23T${hour}`), license))).toEqual([false, true]);
  });

  test('a call that has the probe among others counts as one that asks about it', async () => {
    const { circuits: open } = await circuits();
    const call = [bucket('2026-11-23T09'), bucket('2026-11-23T10')];
    for (const unknown of [1, 2, 3]) {
      await open.outcomeUnknown(call, 'TimeoutError');
      expect(open.unknownInARow).toBe(unknown);
    }
    expect(open.mayProbe).toBe(false);
    await open.answered(call);
    expect([open.probe, open.unknownInARow, open.mayProbe]).toEqual([undefined, 0, true]);
  });

  test('the probe is stored only where it is another one', async () => {
    const { circuits: open, writes } = await circuits();
    await open.probeWith(bucket('2026-11-23T09'));
    expect(writes).toEqual([]);
    await open.outcomeUnknown([bucket('2026-11-23T10')], 'TimeoutError');
    await open.probeWith(bucket('2026-11-23T10'));
    expect(writes).toEqual(['ALL']);
  });

  test('a table that does not store it is no reason to let other records through, and is in the log', async () => {
    const { circuits: open, control, log } = await circuits();
    control.writeCircuit = async () => { throw new Error('slow down'); };
    await open.outcomeUnknown([bucket('2026-11-23T10')], 'TimeoutError');
    expect(open.gate(bucket('2026-11-23T09'), license)).toBe('WAIT');
    expect(log.lines.map((line) => JSON.parse(line))).toMatchObject([{
      message: 'A circuit could not be stored: later runs do not know about it', error: 'Error', reason: 'slow down',
    }]);
  });
});
