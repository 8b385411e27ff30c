import { integrate } from './fixtures';
import { Dimension, SaasPricingModel } from '../../src';

/** Hashes of assets change with every change of a handler; the template's meaning does not. */
function masked(template: object): unknown {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}(?=\.zip|\.json)/g, 'ASSET'));
}

test('the template changes only when its meaning does', () => {
  expect(masked(integrate().template().toJSON())).toMatchSnapshot();
});

test('the template of a contract changes only when its meaning does', () => {
  const contract = integrate({ pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] });
  expect(masked(contract.template().toJSON())).toMatchSnapshot();
});
