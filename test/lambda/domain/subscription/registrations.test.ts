import { addedAfterFirst, firstOf, LATEST_KEPT, mergeRegistrations, registrationsOf } from '../../../../lambda/domain/subscription/registrations';

test('the latest registrations are kept, and of one id the later time', () => {
  const many = Object.fromEntries(Array.from({ length: LATEST_KEPT + 5 }, (_, index) => [`r${index}`, index]));
  const merged = mergeRegistrations(many, { r24: 50, r3: 40 });
  expect(Object.keys(merged)).toHaveLength(LATEST_KEPT);
  expect(merged).toMatchObject({ r24: 50, r3: 40, r6: 6 });
  expect(merged).not.toHaveProperty('r5');
  expect(mergeRegistrations({ a: 9 }, { a: 5, b: 4 })).toEqual({ a: 9, b: 4 });
});

test('the first registration is the earliest of all that are known; at one time, the one with the lesser id', () => {
  expect(firstOf({ registrations: { b: 5, a: 5 } }, { registrations: { c: 9 }, firstRegistration: { registrationId: 'd', registeredAt: 7 } }))
    .toEqual({ registrationId: 'a', registeredAt: 5 });
  expect(firstOf({ registrations: {} })).toBeUndefined();
});

test('what a clock that is behind adds comes after the first registration', () => {
  expect(addedAfterFirst({ registrations: { a: 100 } }, { b: 90, c: 200 })).toEqual({ b: 101, c: 200 });
  expect(addedAfterFirst({ registrations: { a: 100 } }, { a: 120 })).toEqual({ a: 120 });
  expect(addedAfterFirst({ registrations: { a: 100 } }, { a: 100, b: 100 })).toEqual({ a: 100, b: 101 });
  expect(addedAfterFirst({ registrations: {} }, { b: 90 })).toEqual({ b: 90 });
});

test('a registration of which two times are known has the earlier one', () => {
  expect(registrationsOf({ registrations: { b: 30, a: 20 }, firstRegistration: { registrationId: 'a', registeredAt: 10 } })).toEqual([['a', 10], ['b', 30]]);
});
