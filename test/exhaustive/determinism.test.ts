import { expectSameStates, useTroubledProduct } from '../support/e2e/troubled-days';

jest.setTimeout(10 * 60_000);

const on = useTroubledProduct();

test('the same story ends in the same state, byte by byte, twenty times', async () => {
  await expectSameStates(on, 20);
});
