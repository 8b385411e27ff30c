import { expectHostileInputIsHarmless } from '../../support/registration/hostile-input';

jest.setTimeout(120_000);

test('no input makes the page fail, is shown as markup, or gets into headers, logs, events, or tables but that of buyers: 5,000 inputs', async () => {
  await expectHostileInputIsHarmless(5_000);
});
