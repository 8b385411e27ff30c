import { namedValues, product, productArgument } from '../../src/cli/given';
import { givenProducts } from '../../src/marketplace/app/given-products';

test('values may contain equals signs and commas', () => {
  expect(namedValues('--ssm', ['/a=b=c', 'd=e,f'])).toEqual({ '/a': 'b=c', 'd': 'e,f' });
  expect(() => namedValues('--ssm', ['a'])).toThrow('--ssm a: expected NAME=VALUE');
});

test('a product is read from one text, and written back', () => {
  const text = 'code=abc,model=CONTRACT_WITH_CONSUMPTION,url=https://example.com/?a=1,b,dimensions=ApiCalls+StorageGb,entitled=Seats';
  const read = { code: 'abc', model: 'CONTRACT_WITH_CONSUMPTION', url: 'https://example.com/?a=1,b', dimensions: ['ApiCalls', 'StorageGb'], entitled: ['Seats'] };
  expect(product(text)).toEqual(read);
  expect(product(productArgument(product(text)))).toEqual(read);
});

test.each([
  ['model=CONTRACT', 'expected code=…'],
  ['code=a,colour=red', 'expected code=…'],
  ['code=a,model=FREE', 'model must be one of SUBSCRIPTION, CONTRACT, CONTRACT_WITH_CONSUMPTION'],
])('a product %s is refused', (text, message) => {
  expect(() => product(text)).toThrow(message);
});

test('the fulfillment URL of a product may be an output of the app', () => {
  expect(givenProducts([{ code: 'a', url: 'output:Url' }], { Url: 'http://x/' })).toMatchObject([{ fulfillmentUrl: 'http://x/', pricingModel: 'SUBSCRIPTION' }]);
  expect(() => givenProducts([{ code: 'a', url: 'output:Other' }], { Url: '' })).toThrow('the app has no output "Other"; it has: Url');
});
