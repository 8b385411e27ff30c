import type { Entitlements } from '../../../lambda/domain/entitlements/entitlement';
import type { EntitlementStore } from '../../../lambda/domain/entitlements/ports';
import { AgreementSourceError } from '../../../lambda/domain/subscription/agreement-source';
import { EMPTY_FACTS } from '../../../lambda/domain/subscription/facts';
import type { AgreementScan } from '../../../lambda/domain/subscription/ports';
import { scanAgreements } from '../../../lambda/reconciliation/agreement-scan';
import type { EntitlementChecks } from '../../../lambda/subscriptions/entitlement-checks';
import { Subscriptions } from '../../../lambda/subscriptions/subscriptions';
import { Agreements, arnOf, FakeAgreementSource, PRODUCT_ID } from '../../support/agreements';
import { at } from '../../support/facts';
import { MemorySubscriptions, NO_UNLINKED } from '../../support/memory-subscriptions';
import { Telemetry } from '../../support/telemetry';

const MINUTE = 60_000;

/** An integration whose first run is over, and that has had one buyer. */
async function start() {
  const agreements = new Agreements(at(0));
  const source = new FakeAgreementSource(agreements.records);
  const telemetry = new Telemetry();
  const store = new MemorySubscriptions();
  const subscriptions = new Subscriptions({ store, unlinked: NO_UNLINKED, log: telemetry, metrics: telemetry });
  const known: { scan: AgreementScan | undefined; writes: number } = { scan: undefined, writes: 0 };
  const checked: string[] = [];
  const watched: [string, number][] = [];
  let askedAt = at(0);
  const entitlements = { read: async () => ({ licenseId: 'l-a', entitlements: {} as Entitlements, changes: 1, askedAt }) };
  const entitlementChecks = { check: async (licenseId: string) => { checked.push(licenseId); askedAt = agreements.now; return { events: [] }; } };
  let failure: Error | undefined;
  const failures: unknown[] = [];
  const run = async (hasTime = () => true, contract = false) => {
    source.calls.length = 0;
    await scanAgreements({
      source,
      store,
      subscriptions,
      productCode: 'product',
      clock: { now: () => agreements.now },
      log: telemetry,
      metrics: telemetry,
      trials: {
        watch: async (licenseId, until) => { watched.push([licenseId, until]); },
        async *due() {},
        forget: async () => {},
      },
      progress: {
        writeAgreementScan: async (scan) => { known.scan = scan; known.writes += 1; },
      },
      ...(contract && {
        entitlements: entitlements as unknown as EntitlementStore, entitlementChecks: entitlementChecks as unknown as EntitlementChecks,
      }),
    }, known.scan, {
      hasTime,
      attempt: async (_item, work) => {
        try {
          if (failure !== undefined) {
            throw failure;
          }
          await work();
          return true;
        } catch (error) {
          failures.push(error);
          return false;
        }
      },
    });
  };
  const deliver = async () => {
    for (const { fact, licenseId } of agreements.sent()) {
      await subscriptions.recordAgreementFact(fact, licenseId, agreements.now);
    }
  };
  /** Runs every 5 minutes, as the schedule does. */
  const pass = async (minutes: number) => {
    for (let passed = 0; passed < minutes; passed += 5) {
      agreements.now += 5 * MINUTE;
      await run();
    }
  };
  await run();
  agreements.purchase('a');
  await pass(5);
  await deliver();
  return {
    agreements,
    source,
    telemetry,
    store,
    known,
    checked,
    watched,
    failures,
    run,
    deliver,
    pass,
    fail: (error: Error | undefined) => { failure = error; },
    status: (licenseId: string) => store.states(agreements.now)[licenseId]?.status,
    repaired: () => telemetry.counts.get('SubscriptionsRepaired') ?? 0,
    failedReads: () => telemetry.counts.get('AgreementReadsFailed') ?? 0,
  };
}

type World = Awaited<ReturnType<typeof start>>;

function deny({ source }: World): void {
  source.before = () => {
    throw new AgreementSourceError('AccessDeniedException', 'needs aws-marketplace:SearchAgreements');
  };
}

describe('what lost events left out', () => {
  test('a purchase whose License Updated was lost becomes active in the first run an hour after its start', async () => {
    const world = await start();
    await world.pass(30);
    world.agreements.purchase('b');
    await world.pass(55);
    expect(world.status('l-b')).toBeUndefined();
    await world.pass(10);
    expect(world.status('l-b')).toBe('ACTIVE');
    expect(world.repaired()).toBe(1);
    expect(world.known.scan?.productId).toBe(PRODUCT_ID);
    expect(world.store.published).toContain('subscription-activated:b:l-b');
  });

  test('a subscription whose end was lost begins to end in the first run 10 minutes after it', async () => {
    const world = await start();
    await world.pass(120);
    world.agreements.end('a', 'CANCELLED');
    await world.pass(5);
    expect(world.status('l-a')).toBe('ACTIVE');
    await world.pass(5);
    expect(world.status('l-a')).toBe('ENDING');
    expect(world.repaired()).toBe(1);
    expect(world.store.published).toContain('subscription-ending:a:l-a');
  });

  test('events that arrive late change neither the state nor what the app has been sent', async () => {
    const world = await start();
    await world.pass(120);
    world.agreements.end('a', 'CANCELLED');
    await world.pass(15);
    const published = [...world.store.published];
    await world.deliver();
    expect(world.status('l-a')).toBe('ENDING');
    expect(world.store.published).toEqual(published);
  });

  test('a renewal whose events were lost keeps its license active', async () => {
    const world = await start();
    await world.pass(120);
    world.agreements.renew('a', 'b', 'RENEWED', 'same');
    await world.pass(75);
    expect(world.store.states(world.agreements.now)['l-a']).toMatchObject({ status: 'ACTIVE', agreementId: 'b' });
  });

  test('the entitlements of an amended contract are read where they were not read since the change', async () => {
    const world = await start();
    await world.pass(120);
    world.agreements.record('a').lastUpdateTime = world.agreements.now;
    world.agreements.now += 10 * MINUTE;
    await world.run(() => true, true);
    expect(world.checked).toEqual(['l-a']);
    await world.run(() => true, true);
    expect(world.checked).toEqual(['l-a']);
  });

  test('a buyer who registered for a contract with a later start is shown why it is not active', async () => {
    const world = await start();
    const { deliver, pass, agreements, store } = world;
    await pass(30);
    agreements.purchase('b', { startTime: agreements.now + 48 * 60 * MINUTE });
    Object.assign(agreements.events.find(({ fact }) => fact.agreementId === 'b' && fact.kind === 'CREATED')?.fact ?? {}, { startTime: '2026-11-25T00:00:00Z' });
    await store.addFacts('l-b', { ...EMPTY_FACTS, registrations: { r: agreements.now } }, agreements.now);
    await pass(5);
    await deliver();
    await pass(10);
    expect(store.states(agreements.now)['l-b']).toMatchObject({ status: 'PENDING', pendingReason: 'STARTS_LATER' });
  });

  test('agreements of another product of the seller are left alone', async () => {
    const world = await start();
    await world.pass(30);
    world.agreements.purchase('b', { productIds: ['prod-other'] });
    await world.pass(120);
    expect(world.status('l-b')).toBeUndefined();
    expect(world.repaired()).toBe(0);
  });

  test('licenses of an unknown product are left alone until an agreement of a known license has named the product id', async () => {
    const world = await start();
    world.store.subscriptions.clear();
    world.store.agreements.clear();
    await world.pass(120);
    expect(world.status('l-a')).toBeUndefined();
    expect(world.known.scan?.productId).toBeUndefined();
  });
});

describe('free trials', () => {
  const TRIAL_ENDS = Date.parse('2026-12-23T00:35:00Z');

  async function trial(duration = 'P30D') {
    const world = await start();
    await world.pass(30);
    world.source.trials.set('b', duration);
    world.agreements.purchase('b');
    await world.pass(5);
    await world.deliver();
    await world.pass(20);
    return world;
  }
  const states = ({ store, agreements }: World) => store.states(agreements.now)['l-b'];

  test('a free trial is known from the terms of the agreement, which are read once', async () => {
    const world = await trial();
    expect(states(world)).toMatchObject({ status: 'ACTIVE', freeTrial: true, trialEndsAt: TRIAL_ENDS });
    expect(world.store.published).toContain('free-trial-started:b:l-b');
    expect(world.watched).toEqual([['l-b', TRIAL_ENDS + 60 * MINUTE]]);
    await world.pass(120);
    expect(world.source.termsRead).toEqual(['a', 'b']);
    expect(world.store.states(world.agreements.now)['l-a']).toMatchObject({ freeTrial: false });
  });

  test('terms that a crash kept from the subscription reach it in the next run, and are not read again', async () => {
    const world = await start();
    await world.pass(30);
    world.source.trials.set('b', 'P30D');
    world.agreements.purchase('b');
    await world.pass(5);
    await world.deliver();
    const addFacts = world.store.addFacts.bind(world.store);
    let crashes = 0;
    world.store.addFacts = async (licenseId, facts, now) => {
      if (crashes === 0 && Object.values(facts.agreements).some(({ kind }) => kind === 'TERMS')) {
        crashes += 1;
        throw new Error('the function died');
      }
      return addFacts(licenseId, facts, now);
    };
    await world.pass(20);
    expect(crashes).toBe(1);
    expect(states(world)).toMatchObject({ freeTrial: true, trialEndsAt: TRIAL_ENDS });
    expect(world.source.termsRead).toEqual(['a', 'b']);
  });

  test('a free trial becomes a paid subscription when it is still active an hour after its end', async () => {
    const world = await trial();
    world.agreements.now = TRIAL_ENDS + 60 * MINUTE - 1;
    await world.store.addFacts('l-b', EMPTY_FACTS, world.agreements.now);
    expect(states(world)).toMatchObject({ freeTrial: true });
    world.agreements.now += 1;
    await world.store.addFacts('l-b', EMPTY_FACTS, world.agreements.now);
    expect(states(world)).toMatchObject({ status: 'ACTIVE', freeTrial: false });
    expect(world.store.published).toContain('free-trial-converted:b:l-b');
    expect(world.store.published).not.toContain('free-trial-lapsed:b:l-b');
  });

  test('a free trial lapses when the buyer cancels before its end', async () => {
    const world = await trial();
    await world.pass(24 * 60);
    world.agreements.end('b', 'CANCELLED');
    await world.pass(5);
    await world.deliver();
    expect(world.store.published).toContain('free-trial-lapsed:b:l-b');
    expect(states(world)).toMatchObject({ freeTrial: true, endStatus: 'CANCELLED' });
  });

  test('a free trial is unknown where its length is no duration, or the terms cannot be read', async () => {
    expect(states(await trial('a month'))?.freeTrial).toBeUndefined();
    const world = await start();
    await world.pass(30);
    world.source.terms = async () => { throw new AgreementSourceError('AccessDeniedException', 'needs aws-marketplace:GetAgreementTerms'); };
    world.agreements.purchase('b');
    await world.pass(5);
    await world.deliver();
    await world.pass(20);
    expect(states(world)).toMatchObject({ status: 'ACTIVE' });
    expect(states(world)?.freeTrial).toBeUndefined();
    expect(world.failures).toEqual([]);
    expect(world.failedReads()).toBe(1);
  });
});

describe('the cost', () => {
  test('a run in which no agreement changed makes one call to AWS and writes nothing, except once an hour', async () => {
    const world = await start();
    await world.pass(120);
    const { writes } = world.known;
    for (let run = 0; run < 11; run += 1) {
      world.agreements.now += 5 * MINUTE;
      await world.run();
      expect(world.source.calls).toHaveLength(1);
    }
    expect(world.known.writes - writes).toBeLessThanOrEqual(1);
  });

  test('an agreement is compared when its events are due, not in every run', async () => {
    const world = await start();
    let reads = 0;
    const { read } = world.store;
    world.store.read = async (licenseId) => { reads += 1; return read.call(world.store, licenseId); };
    await world.pass(240);
    expect(reads).toBeLessThanOrEqual(6);
  });
});

describe('a run that does not complete the scan', () => {
  test('a scan that one run does not complete is continued by the next where it stopped, and repairs every agreement', async () => {
    const world = await start();
    await world.pass(30);
    world.source.pageSize = 2;
    const ids = ['b', 'c', 'd', 'e', 'f'];
    ids.forEach((id) => world.agreements.purchase(id));
    world.agreements.now += 65 * MINUTE;
    let asked = 0;
    for (let runs = 0; runs < 10; runs += 1) {
      asked = 0;
      await world.run(() => (asked += 1) <= 3);
    }
    expect(ids.map((id) => world.status(`l-${id}`))).toEqual(ids.map(() => 'ACTIVE'));
    expect(world.repaired()).toBe(5);
    await world.run();
    expect(world.known.scan?.open).toBeUndefined();
  });

  test('begins again with the first page when AWS does not accept its token any more', async () => {
    const world = await start();
    await world.pass(30);
    world.source.pageSize = 2;
    ['b', 'c', 'd', 'e'].forEach((id) => world.agreements.purchase(id));
    world.agreements.now += 65 * MINUTE;
    let asked = 0;
    await world.run(() => (asked += 1) <= 4);
    expect(world.known.scan?.open).toMatchObject({ page: '2' });
    world.source.before = () => {
      world.source.before = () => {};
      throw new AgreementSourceError('ValidationException', 'the token has expired');
    };
    await world.run();
    expect(world.known.scan).toEqual({ checkedUntil: expect.any(Number), productId: PRODUCT_ID });
    await world.run();
    expect(world.repaired()).toBe(4);
  });

  test('a scan is repeated when an agreement fails, which is reported and stops no other agreement', async () => {
    const world = await start();
    await world.pass(120);
    world.agreements.end('a', 'CANCELLED');
    world.agreements.now += 10 * MINUTE;
    world.fail(new Error('throttled'));
    await world.run();
    expect(world.failures).toHaveLength(1);
    world.fail(undefined);
    await world.run();
    expect(world.status('l-a')).toBe('ENDING');
  });
});

describe('an API that does not answer', () => {
  test('a missing permission is no failure of the run: it is counted, and asked for again an hour later', async () => {
    const world = await start();
    await world.pass(30);
    deny(world);
    await world.pass(60);
    expect(world.failures).toEqual([]);
    expect(world.failedReads()).toBe(1);
    expect(world.telemetry.lines.filter((line) => line.includes('aws-marketplace:SearchAgreements'))).toHaveLength(1);
    await world.pass(30);
    expect(world.failedReads()).toBe(2);
  });

  test('what was lost while the permission was missing is repaired when it is there', async () => {
    const world = await start();
    await world.pass(30);
    deny(world);
    await world.pass(120);
    world.agreements.end('a', 'CANCELLED');
    await world.pass(24 * 60);
    world.source.before = () => {};
    await world.pass(60);
    expect(world.status('l-a')).toBe('ENDED');
  });

  test('an outage is tried again by the next run', async () => {
    const world = await start();
    await world.pass(120);
    world.agreements.end('a', 'CANCELLED');
    world.agreements.now += 10 * MINUTE;
    world.source.before = () => {
      world.source.before = () => {};
      throw new AgreementSourceError('ThrottlingException', 'slow down');
    };
    await world.run();
    expect(world.status('l-a')).toBe('ACTIVE');
    await world.run();
    expect(world.status('l-a')).toBe('ENDING');
  });

  test('a license of several agreements that AWS does not list together is left as it is', async () => {
    const world = await start();
    await world.pass(120);
    world.agreements.purchase('b', { licenseArns: [arnOf('l-a')] });
    world.source.before = (query) => {
      if (query.licenseArn !== undefined) {
        throw new AgreementSourceError('ValidationException', 'unknown filter');
      }
    };
    world.agreements.end('a', 'CANCELLED');
    await world.pass(15);
    expect(world.status('l-a')).toBe('ACTIVE');
    expect(world.failedReads()).toBe(0);
  });
});
