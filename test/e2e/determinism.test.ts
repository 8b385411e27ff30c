import { expectSameStates, useTroubledProduct } from '../support/e2e/troubled-days';

jest.setTimeout(180_000);

const on = useTroubledProduct();

test('the same story ends in the same state, byte by byte, twice, the second time with new processes', async () => {
  await expectSameStates(on, 2);
});
