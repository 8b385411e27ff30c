import { Page } from './page';

/** jsii's rule for names in Python. */
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const api = new Page('API.md').text;
const known = new Set([...api.matchAll(/<code><a href="#[^"]*">(\w+)<\/a><\/code>/g)].map(([, name]) => snake(name)));

test.each(['saas_product_stack', 'contract_product_stack', 'consumption_product_stack'])('the example %s in Python uses names that the public API has', (file) => {
  const stack = new Page(`examples/python/${file}.py`).text;
  const made = /MarketplaceSaasIntegration\(\n([\s\S]*?)\n {8}\)\n/.exec(stack)![1];
  const used = [
    ...[...stack.matchAll(/marketplace\.(\w+)/g)].map(([, member]) => member),
    ...[...stack.matchAll(/(?:Dimension|UsageMetric)\.(\w+)/g)].map(([, member]) => member),
    ...[...made.matchAll(/\b([a-z_]+)=/g)].map(([, option]) => option),
  ];
  expect(used.length).toBeGreaterThan(7);
  expect(used.filter((name) => !known.has(name))).toEqual([]);
  const imported = /from cdk_marketplace_saas import (.*)/.exec(stack)![1].split(', ');
  expect(imported.filter((name) => !api.includes(`### ${name} <a`))).toEqual([]);
});
