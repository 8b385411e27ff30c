import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { ARN, LICENSE } from '../../support/facts';
import { ACCOUNT, type Intercept, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const READS = new Set(['GetCommand', 'QueryCommand', 'resolve']);

class Crashed extends Error {}

/** Kills whatever runs, once AWS has done its n-th writing call and before the answer comes: no code of it runs on. */
function killer(at: number) {
  let calls = 0;
  let crash: (error: Error) => void = () => {};
  const intercept: Intercept = async (call, operation) => {
    // Killed after a read is killed after the write before it: what is stored is the same.
    calls += READS.has(operation) ? 0 : 1;
    if (calls !== at || READS.has(operation)) {
      return call();
    }
    await call();
    crash(new Crashed());
    return new Promise(() => {});
  };
  const survive = async <T>(run: () => Promise<T>): Promise<T> => {
    const crashed = new Promise<never>((_, reject) => { crash = reject; });
    try {
      return await Promise.race([crashed, run()]);
    } catch (error) {
      if (error instanceof Crashed) {
        return survive(run);
      }
      throw error;
    }
  };
  return { intercept, survive, calls: () => calls };
}

/** A life in which every kind of write happens; each step is what AWS, or the buyer, does again after a crash. */
async function live(kill: ReturnType<typeof killer>, knownAtFirst: boolean) {
  const app = await startIntegration(dynamo, { productName: 'Acme' }, kill.intercept);
  app.time.now = Date.parse('2026-08-20T14:24:00Z');
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, ...(knownAtFirst ? { licenseArn: ARN } : {}) });

  await kill.survive(async () => app.deliver(fixture('observed-1-created-proposer')));
  const landed = await kill.survive(async () => app.http({ method: 'POST', path: '/', form: { 'x-amzn-marketplace-token': TOKEN } }));
  const headers = { Cookie: String(landed.headers?.['set-cookie']).split(';')[0] ?? '' };
  const path = `/${String(landed.headers?.location)}`;
  const page = await kill.survive(async () => app.http({ path, headers }));
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  const form = { csrf, ...DETAILS };
  const sent = await kill.survive(async () => app.http({ method: 'POST', path, headers, form }));
  expect(sent.statusCode).toBe(303);
  for (const name of ['observed-2-license-updated-manufacturer', 'observed-3-ended-proposer', 'observed-4-license-deprovisioned-manufacturer']) {
    const { batchItemFailures } = await kill.survive(async () => app.deliver(fixture(name)));
    expect(batchItemFailures).toEqual([]);
  }
  for (const run of ['2026-08-20T16:00:00Z', '2026-08-20T16:05:00Z']) {
    app.time.now = Date.parse(run);
    await kill.survive(async () => app.reconcile());
  }

  const { revision, asOf, ...item } = await kill.survive(async () => app.item(LICENSE)) ?? {};
  const text = JSON.stringify([item, app.bus.ids]).replace(/registration-\d+/g, 'registration-n');
  const waiting = await kill.survive(async () => app.unlinked.read({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT }));
  return { outcome: JSON.parse(text) as [Record<string, unknown>, string[]], waiting };
}

describe.each([
  ['resolved with its license', true],
  ['resolved before its license was known', false],
])('a subscription %s', (_, knownAtFirst) => {
  test('state and events are the same after a crash at any AWS call and the redelivery', async () => {
    const unharmed = killer(0);
    const { outcome } = await live(unharmed, knownAtFirst);
    expect(outcome[0]).toMatchObject({ status: 'ENDED', registeredAt: '2026-08-20T14:24:00.000Z', registrationIds: ['registration-n'] });
    expect(outcome[0]).not.toHaveProperty('outbox');
    expect(outcome[1]).toHaveLength(4);
    expect(unharmed.calls()).toBeGreaterThan(15);

    // Killed before a call is killed after the one before it.
    for (let at = 1; at <= unharmed.calls(); at += 1) {
      expect({ at, ...await live(killer(at), knownAtFirst) }).toEqual({ at, outcome, waiting: [] });
    }
  }, 120_000);
});
