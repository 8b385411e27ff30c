import { expectSameStates, useTroubledProduct } from '../support/e2e/troubled-days';

jest.setTimeout(180_000);

const on = useTroubledProduct();

test('the same story ends in the same state, byte by byte, three times, the last with new processes', async () => {
  await expectSameStates(on, 3);
});
