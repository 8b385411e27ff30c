import { expectSameEnds } from '../../sandbox/test/e2e/same-ends';

jest.setTimeout(10 * 60_000);

test('the same story ends the same, twenty times, and a reset leaves nothing of it', async () => {
  await expectSameEnds(20);
});
