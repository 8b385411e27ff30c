import * as fc from 'fast-check';
import { type AgreementFact, type AgreementFactKind, mergeFacts, EMPTY_FACTS, type SubscriptionFacts } from '../../../../lambda/domain/subscription/facts';
import { subscriptionState } from '../../../../lambda/domain/subscription/state';
import { applyFacts, type Subscription } from '../../../../lambda/domain/subscription/subscription';
import { at, fact, factsOf, LICENSE, permutations } from '../../../support/facts';

const KINDS: readonly AgreementFactKind[] = [
  'CREATED', 'AMENDED', 'ENDING_NOTICE', 'ENDED', 'LICENSE_UPDATED', 'LICENSE_DEPROVISIONED', 'ADVISORY_ISSUED', 'ADVISORY_RESOLVED',
];
const anyFact = (agreements: readonly string[]): fc.Arbitrary<AgreementFact> => fc.record({
  kind: fc.constantFrom(...KINDS),
  agreementId: fc.constantFrom(...agreements),
  time: fc.integer({ min: 0, max: 30 }).map((minutes) => at(minutes)),
  status: fc.constantFrom('CANCELLED', 'EXPIRED', 'TERMINATED', 'RENEWED', 'REPLACED'),
  previousAgreementId: fc.option(fc.constantFrom(...agreements), { nil: undefined }),
}).map(({ previousAgreementId, ...rest }) => previousAgreementId === undefined ? rest : { ...rest, previousAgreementId });

const anyFacts = (agreements: readonly string[], registrationIds = ['r1', 'r2']): fc.Arbitrary<SubscriptionFacts> => fc.record({
  reported: fc.array(anyFact(agreements), { maxLength: 6 }),
  resolved: fc.option(fc.record({
    firstAt: fc.constant(at(3)),
    lastAt: fc.integer({ min: 3, max: 9 }).map(at),
    customerAwsAccountId: fc.constantFrom('111122223333', '444455556666'),
    productCode: fc.constant('product'),
    freeTrialHint: fc.constant(true),
  }), { nil: undefined }),
  registrations: fc.dictionary(fc.constantFrom(...registrationIds), fc.integer({ min: 3, max: 9 }).map(at)),
}).map(({ reported, resolved, registrations }) => ({
  ...factsOf(...reported), registrations, ...resolved === undefined ? {} : { resolution: resolved },
}));

/** Learns fact by fact, looking at the clock after each, as handlers and the sweep do. */
function apply(story: readonly SubscriptionFacts[], end: number): { subscription?: Subscription; published: string[] } {
  let subscription: Subscription | undefined;
  const published: string[] = [];
  [...story, EMPTY_FACTS].forEach((facts, index) => {
    const transition = applyFacts(subscription, LICENSE, facts, index === story.length ? end : at(40 + index), 'product');
    subscription = transition.after;
    published.push(...transition.events.map((event) => event.detail.eventId));
  });
  return { subscription, published };
}

describe('merging facts', () => {
  const some = anyFacts(['agmt-a', 'agmt-b']);

  test('merging facts is commutative, associative and idempotent', () => {
    fc.assert(fc.property(some, some, some, (a, b, c) => {
      expect(mergeFacts(a, b)).toEqual(mergeFacts(b, a));
      expect(mergeFacts(mergeFacts(a, b), c)).toEqual(mergeFacts(a, mergeFacts(b, c)));
      expect(mergeFacts(mergeFacts(a, b), b)).toEqual(mergeFacts(a, b));
    }), { numRuns: 100 });
  });

  test('the first and the latest 20 facts of a kind are kept', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 25, maxLength: 60 }), (minutes) => {
      const all = minutes.map((minute) => factsOf(fact('AMENDED', minute)));
      const kept = all.reduce(mergeFacts, EMPTY_FACTS);
      const times = Object.values(kept.agreements).map((known) => known.time);
      expect(times).toHaveLength(21);
      expect(times).toEqual(expect.arrayContaining([at(Math.min(...minutes)), at(Math.max(...minutes))]));
      expect([...all].reverse().reduce(mergeFacts, EMPTY_FACTS)).toEqual(kept);
    }));
  });
});

describe('merging registrations', () => {
  const ids = Array.from({ length: 40 }, (_, index) => `r${index}`);
  const some = fc.dictionary(fc.constantFrom(...ids), fc.integer({ min: 0, max: 50 }).map(at), { minKeys: 10, maxKeys: 40 })
    .map((registrations): SubscriptionFacts => ({ ...EMPTY_FACTS, registrations }));

  test('merging registrations is commutative, associative and idempotent, however many are dropped', () => {
    fc.assert(fc.property(some, some, some, (a, b, c) => {
      expect(mergeFacts(a, b)).toEqual(mergeFacts(b, a));
      expect(mergeFacts(mergeFacts(a, b), c)).toEqual(mergeFacts(a, mergeFacts(b, c)));
      expect(mergeFacts(mergeFacts(a, b), b)).toEqual(mergeFacts(a, b));
    }), { numRuns: 100 });
  });

  test('the first and the latest 20 registrations are kept, and each is published once', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 25 });
    fc.assert(fc.property(minutes, (all) => {
      const story = [...all].sort((a, b) => a - b).map((minute) => ({ ...EMPTY_FACTS, registrations: { [`r${minute}`]: at(minute) } }));
      const { subscription, published } = apply([...story, ...story], at(100));
      expect(published).toEqual(story.flatMap(({ registrations }) => Object.keys(registrations)).map((id) => `buyer-registered:${id}:${LICENSE}`));
      const state = subscriptionState(subscription?.facts ?? EMPTY_FACTS, at(100));
      const kept = [...all].sort((a, b) => a - b).filter((_, index) => index === 0 || index >= all.length - 20);
      expect(state.registeredAt).toBe(at(Math.min(...all)));
      expect([...state.registrationIds].sort()).toEqual(kept.map((minute) => `r${minute}`).sort());
    }), { numRuns: 25 });
  });

  test('the one of two registrations that is written first stays the first, whatever its clock says', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.record({ id: fc.constantFrom(...ids), at: fc.integer({ min: 0, max: 50 }).map(at) }), {
      minLength: 2, maxLength: 40, selector: ({ id }) => id,
    }), (registrations) => {
      const written = registrations.map(({ id, at: time }): SubscriptionFacts => ({ ...EMPTY_FACTS, registrations: { [id]: time } }));
      const { subscription } = apply([...written, ...written], at(100));
      const [first] = registrations;
      expect(subscriptionState(subscription?.facts ?? EMPTY_FACTS, at(100))).toMatchObject({
        firstRegistrationId: first?.id, registeredAt: first?.at,
      });
    }), { numRuns: 100 });
  });

  test('a registration that is recorded with two times counts from the first', () => {
    const published = [3, 5].map((minute) => ({ ...EMPTY_FACTS, registrations: { r: at(minute) } }));
    expect(subscriptionState(mergeFacts(published[1] ?? EMPTY_FACTS, published[0] ?? EMPTY_FACTS), at(9))).toMatchObject({ registeredAt: at(3), registrationIds: ['r'] });
  });
});

describe('any order and any number of deliveries', () => {
  // The order of two registrations is no order of deliveries: the one that is written first is the first.
  const ONE_REGISTRATION = ['r1'];

  test('any order of deliveries ends in the same state', () => {
    const story = fc.array(anyFacts(['agmt-a', 'agmt-b', 'agmt-c'], ONE_REGISTRATION), { maxLength: 6 });
    fc.assert(fc.property(story.chain((facts) => fc.tuple(fc.constant(facts),
      fc.shuffledSubarray([...facts, ...facts, ...facts], { minLength: facts.length * 2 }))), ([facts, again]) => {
      const end = at(10_000);
      const shuffled = [...again, ...facts];
      const one = apply(facts, end).subscription;
      const other = apply(shuffled, end).subscription;
      expect(other?.facts).toEqual(one?.facts);
      expect(subscriptionState(other?.facts ?? EMPTY_FACTS, end)).toEqual(subscriptionState(one?.facts ?? EMPTY_FACTS, end));
    }), { numRuns: 100 });
  });

  test('any order of the facts of one agreement publishes the same events, once each', () => {
    const story = fc.array(anyFacts(['agmt-a']), { maxLength: 6 });
    fc.assert(fc.property(story.chain((facts) => fc.tuple(fc.constant(facts),
      fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2, maxLength: facts.length * 2 }))), ([facts, again]) => {
      const one = apply(facts, at(10_000)).published;
      const other = apply(again, at(10_000)).published;
      expect(new Set(one).size).toBe(one.length);
      expect([...other].sort()).toEqual([...one].sort());
    }), { numRuns: 100 });
  });

  test('a whole life of 6 events ends in the same state in each of its 720 orders', () => {
    const life = [
      factsOf(fact('CREATED', 0, { intent: 'NEW' })),
      { ...EMPTY_FACTS, resolution: { firstAt: at(2), lastAt: at(2), customerAwsAccountId: '111122223333', productCode: 'product' } },
      factsOf(fact('LICENSE_UPDATED', 1)),
      { ...EMPTY_FACTS, registrations: { r1: at(3) } },
      factsOf(fact('ENDED', 30, { status: 'CANCELLED' })),
      factsOf(fact('LICENSE_DEPROVISIONED', 31)),
    ];
    const outcomes = permutations(life).map((order) => {
      const { subscription, published } = apply(order, at(200));
      return JSON.stringify([subscriptionState(subscription?.facts ?? EMPTY_FACTS, at(200)), [...published].sort()]);
    });
    expect(new Set(outcomes).size).toBe(1);
    expect(JSON.parse(outcomes[0] ?? '')).toEqual([
      expect.objectContaining({ status: 'ENDED', endedAt: at(30), finalWindowClosesAt: at(91), registeredAt: at(3), activeSince: at(1) }),
      [
        `buyer-registered:r1:${LICENSE}`, `subscription-activated:agmt-a:${LICENSE}`,
        `subscription-ended:agmt-a:${LICENSE}`, `subscription-ending:agmt-a:${LICENSE}`,
      ],
    ]);
  });

  test('after a gap, an event reports that a license continues under another agreement', () => {
    const { published } = apply([
      factsOf(fact('LICENSE_UPDATED', 1)),
      factsOf(fact('ENDED', 10, { status: 'EXPIRED' })),
      factsOf(fact('LICENSE_UPDATED', 12, { agreementId: 'agmt-b' })),
    ], at(10_000));
    expect(published).toEqual(['activated:agmt-a', 'ending:agmt-a', 'activated:agmt-b'].map((what) => `subscription-${what}:${LICENSE}`));
  });
});

describe('what ends a license, and what does not', () => {
  const AGREEMENTS = ['agmt-a', 'agmt-b'];
  const SUCCEEDED = ['RENEWED', 'REPLACED'];
  const facts = fc.array(anyFact(AGREEMENTS), { minLength: 1, maxLength: 10 });
  const stateOf = (story: readonly AgreementFact[]) => subscriptionState(factsOf(...story), at(200));
  const revokes = ({ kind, status = '' }: AgreementFact) => kind === 'LICENSE_DEPROVISIONED' || kind === 'ENDED' && !SUCCEEDED.includes(status);

  test('a license is active only under an agreement that activated it and that nothing has ended', () => {
    let active = 0;
    fc.assert(fc.property(facts, (story) => {
      const { status, agreementId } = stateOf(story);
      if (status === 'ACTIVE') {
        active += 1;
        const current = story.filter((each) => each.agreementId === agreementId);
        expect(current.some(({ kind }) => kind === 'LICENSE_UPDATED')).toBe(true);
        expect(current.filter(revokes)).toEqual([]);
      }
    }), { numRuns: 1000 });
    expect(active).toBeGreaterThan(50);
  });

  test('a license whose agreements have all ended is active in no order of the facts', () => {
    fc.assert(fc.property(facts, (story) => {
      const ends = AGREEMENTS.map((agreementId, index) => fact('ENDED', 31 + index, { agreementId, status: 'CANCELLED' }));
      expect(stateOf([...story, ...ends]).status).not.toBe('ACTIVE');
      expect(stateOf([...ends, ...story]).status).not.toBe('ACTIVE');
    }), { numRuns: 500 });
  });

  test('the end of an agreement that was renewed or replaced ends no license', () => {
    const end = fc.record({ agreementId: fc.constantFrom(...AGREEMENTS), status: fc.constantFrom(...SUCCEEDED), minute: fc.nat(60) });
    let active = 0;
    fc.assert(fc.property(facts, end, (story, { agreementId, status, minute }) => {
      if (stateOf(story).status === 'ACTIVE') {
        active += 1;
        expect(stateOf([...story, fact('ENDED', minute, { agreementId, status })]).status).toBe('ACTIVE');
      }
    }), { numRuns: 1000 });
    expect(active).toBeGreaterThan(50);
  });
});
