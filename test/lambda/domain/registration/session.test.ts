import { mayRepeatClaim } from '../../../../lambda/domain/registration/session';

test.each([[0, true], [60_000, true], [60_001, false]])('a claim may be repeated %d ms after the first: %s', (later, may) => {
  expect(mayRepeatClaim(1_000_000, 1_000_000 + later)).toBe(may);
});
