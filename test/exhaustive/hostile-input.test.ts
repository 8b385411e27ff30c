import { expectHostileInputIsHarmless } from '../support/registration/hostile-input';

jest.setTimeout(20 * 60_000);

test('no input makes the page fail, is shown as markup, or gets into headers, logs, events, or tables but that of buyers: 100,000 inputs', async () => {
  await expectHostileInputIsHarmless(100_000);
});
