import * as fs from 'fs';
import { integrate, newApp, newStack, resources } from './fixtures';

const RECOMMENDED = JSON.parse(fs.readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8'));

test.each<[string, Record<string, unknown>]>([
  ['no feature flag', Object.fromEntries(Object.keys(RECOMMENDED).map((flag) => [flag, undefined]))],
  ['all recommended feature flags', RECOMMENDED],
])('synthesizes the same resources with %s', (_flags, context) => {
  const { template } = integrate({}, newStack({}, newApp(context)));
  expect(resources(template()).map(([, { Type }]) => Type).sort()).toEqual(resources(integrate().template()).map(([, { Type }]) => Type).sort());
});

test.each([
  ['us-east-1'], ['eu-central-1'], ['ap-southeast-2'], [undefined],
])('synthesizes in %s', (region) => {
  const { template } = integrate({}, newStack({ env: region ? { region, account: '111122223333' } : {} }));
  expect(resources(template()).length).toBeGreaterThan(70);
});

test.each([
  ['cn-northwest-1', 'aws-cn (China)'],
  ['us-gov-west-1', 'aws-us-gov (AWS GovCloud)'],
  ['eusc-de-east-1', 'aws-eusc (AWS European Sovereign Cloud)'],
])('a stack in %s is refused, because its partition is not supported', (region, partition) => {
  const stack = newStack({ env: { region, account: '111122223333' } });
  expect(() => integrate({}, stack)).toThrow(`region of the stack: received "${region}"; it is in the partition ${partition}`);
});
