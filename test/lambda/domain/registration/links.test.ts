import * as fc from 'fast-check';
import { decideLinks, type LinkCandidate, type UnlinkedRegistration, withWaiting } from '../../../../lambda/domain/registration/links';
import { at } from '../../../support/facts';

const registration = (registrationId: string, minutes: number): UnlinkedRegistration =>
  ({ registrationId, resolvedAt: at(minutes), registeredAt: at(minutes + 2) });
const license = (licenseId: string, minutes: number, ...registrationIds: string[]): LinkCandidate =>
  ({ licenseId, since: at(minutes), registrationIds });
const links = (...args: Parameters<typeof decideLinks>) => decideLinks(...args).map((link) => [link.registration.registrationId, link.licenseId]);

describe('a registration without its license', () => {
  test('a registration waits while its account has no license', () => {
    expect(links([registration('r', 0)], [], at(5))).toEqual([]);
  });

  test('a registration is linked to the only unregistered license, whichever of the two came first', () => {
    expect(links([registration('r', 5)], [license('l-1', 6)], at(7))).toEqual([['r', 'l-1']]);
    expect(links([registration('r', 5)], [license('l-1', 4), license('l-taken', 4, 'other')], at(7))).toEqual([['r', 'l-1']]);
  });

  test('a registration is not linked to a license that ResolveCustomer would have named', () => {
    expect(links([registration('r', 120)], [license('l-old', 0)], at(500))).toEqual([]);
    expect(links([registration('r', 120)], [license('l-old', 0), license('l-new', 121)], at(123))).toEqual([['r', 'l-new']]);
  });

  test('a registration is not linked at once to an older license, and is linked to its own when that comes', () => {
    const earlier = license('l-earlier', 90);
    expect(links([registration('r', 120)], [earlier], at(121))).toEqual([]);
    expect(links([registration('r', 120)], [earlier, license('l-new', 122)], at(123))).toEqual([['r', 'l-new']]);
    expect(links([registration('r', 120)], [license('l-1', 115)], at(120))).toEqual([['r', 'l-1']]);
  });

  test('a registration is linked to the older license after an hour, when no newer one has come', () => {
    expect(links([registration('r', 120)], [license('l-earlier', 90)], at(185))).toEqual([['r', 'l-earlier']]);
    expect(links([registration('r', 120)], [license('l-earlier', 90), license('l-also', 100)], at(185))).toEqual([]);
    expect(links([registration('r', 120)], [license('l-earlier', 90), license('l-new', 140, 'again')], at(185))).toEqual([['r', 'l-new']]);
  });

  test('a registration is not linked when two licenses could be its own', () => {
    expect(links([registration('r', 0)], [license('l-1', 1), license('l-2', 2)], at(500))).toEqual([]);
  });

  test('two registrations wait for two licenses; after an hour both are linked to the one that came', () => {
    const both = [registration('r1', 0), registration('r2', 1)];
    expect(links(both, [license('l-1', 2)], at(30))).toEqual([]);
    expect(links(both, [license('l-1', 2)], at(63))).toEqual([['r1', 'l-1'], ['r2', 'l-1']]);
  });

  test('a registration is linked, after an hour, to the only license, although the buyer has registered that one again', () => {
    expect(links([registration('r', 0)], [license('l-1', 1, 'again')], at(30))).toEqual([]);
    expect(links([registration('r', 0)], [license('l-1', 1, 'again')], at(62))).toEqual([['r', 'l-1']]);
  });

  test('a registration is linked to the license that came up to an hour before it, when an hour brought no other', () => {
    expect(links([registration('r', 120)], [license('l-1', 60)], at(185))).toEqual([['r', 'l-1']]);
    expect(links([registration('r', 120)], [license('l-1', 59)], at(185))).toEqual([]);
  });

  test('a registration is linked to the license that none has, wherever that stands among those that have one', () => {
    expect(links([registration('r', 5)], [license('l-taken', 4, 'other'), license('l-1', 4)], at(7))).toEqual([['r', 'l-1']]);
  });

  test('a registration is not linked while two licenses that others have could be its own', () => {
    expect(links([registration('r', 0)], [license('l-1', 1, 'a'), license('l-2', 2, 'b')], at(500))).toEqual([]);
  });

  test('two registrations are not linked to the license that both could have while one of them could have another', () => {
    expect(links([registration('r1', 0), registration('r2', 100)], [license('l-1', 2), license('l-2', 101)], at(500))).toEqual([]);
  });

  test('two registrations are not linked to one license until both have waited for an hour', () => {
    const both = [registration('r1', 0), registration('r2', 60)];
    expect(links(both, [license('l-1', 61)], at(63))).toEqual([]);
    expect(links(both, [license('l-1', 61)], at(122))).toEqual([['r1', 'l-1'], ['r2', 'l-1']]);
  });

  test('a registration that two licenses have is linked to the first of them', () => {
    expect(links([registration('r', 0)], [license('l-1', 1, 'r'), license('l-2', 1, 'r')], at(3))).toEqual([['r', 'l-1']]);
  });

  test('a registration is linked in the same attempt that completes an interrupted link of another one', () => {
    expect(links([registration('r1', 0), registration('r2', 1)], [license('l-1', 1, 'r1'), license('l-2', 2)], at(4))).toEqual([['r1', 'l-1'], ['r2', 'l-2']]);
  });

  test('an interrupted link is completed with the license that it chose', () => {
    const licenses = [license('l-1', 1, 'r'), license('l-2', 1)];
    expect(links([registration('r', 0)], licenses, at(3))).toEqual([['r', 'l-1']]);
  });

  test('no registration gets two licenses, or one that is much older', () => {
    const someLicenses = fc.uniqueArray(fc.record({
      licenseId: fc.constantFrom('l-1', 'l-2', 'l-3'), minutes: fc.integer({ min: 0, max: 300 }), taken: fc.boolean(),
    }), { selector: ({ licenseId }) => licenseId });
    const someRegistrations = fc.uniqueArray(fc.record({
      id: fc.constantFrom('r1', 'r2'), minutes: fc.integer({ min: 0, max: 300 }),
    }), { selector: ({ id }) => id });
    fc.assert(fc.property(someLicenses, someRegistrations, fc.integer({ min: 0, max: 1000 }), (licenses, registrations, now) => {
      const candidates = licenses.map(({ licenseId, minutes, taken }) => license(licenseId, minutes, ...(taken ? ['other'] : [])));
      const decided = decideLinks(registrations.map(({ id, minutes }) => registration(id, minutes)), candidates, at(now));
      const ids = decided.map((link) => link.registration.registrationId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const link of decided) {
        const { since = 0 } = candidates.find(({ licenseId }) => licenseId === link.licenseId) ?? {};
        const impatient = at(now) - link.registration.registeredAt >= 3_600_000;
        expect(since).toBeGreaterThanOrEqual(link.registration.resolvedAt - (impatient ? 3_600_000 : 300_000));
      }
    }));
  });
});

test('registrations wait in the order in which buyers completed them, whichever is stored first', () => {
  expect(withWaiting([registration('later', 5)], registration('earlier', 1))).toEqual([registration('earlier', 1), registration('later', 5)]);
});

test('the number of waiting registrations is bounded: the first and the latest 20 wait', () => {
  const many = Array.from({ length: 30 }, (_, index) => registration(`r${index}`, index));
  const waiting = many.reduce<readonly UnlinkedRegistration[]>(withWaiting, []);
  expect(waiting).toEqual([many[0], ...many.slice(10)]);
  expect(withWaiting(waiting, { ...many[29]!, resolvedAt: at(500) })).toEqual(waiting);
});
