import { Callers } from '../../../src/gateway/callers';
import type { FunctionModel } from '../../../src/model';
import { FunctionRuntime } from '../../../src/services/lambda/function-runtime';

const arn = (region: string, name: string) => `arn:aws:lambda:${region}:111111111111:function:${name}`;
const functions = [['us-east-1', 'worker'], ['eu-west-1', 'worker'], ['eu-west-1', 'other']].map(([region, name]) => ({ arn: arn(region, name), name, region }) as FunctionModel);
const runtime = new FunctionRuntime({ functions, callers: new Callers(), scratch: '' } as unknown as ConstructorParameters<typeof FunctionRuntime>[0]);

test.each([
  [arn('us-east-1', 'worker'), 'us-east-1', arn('us-east-1', 'worker')],
  [arn('eu-west-1', 'worker'), 'us-east-1', arn('eu-west-1', 'worker')],
  [`${arn('eu-west-1', 'worker')}:live`, undefined, arn('eu-west-1', 'worker')],
  ['worker', 'eu-west-1', arn('eu-west-1', 'worker')],
  ['worker', undefined, arn('us-east-1', 'worker')],
  ['other:1', 'us-east-1', arn('eu-west-1', 'other')],
  ['111111111111:function:other', undefined, arn('eu-west-1', 'other')],
  [arn('us-east-1', 'other'), undefined, undefined],
  ['work', undefined, undefined],
])('%s in %s', (reference, region, expected) => {
  expect(runtime.find(reference, region)?.arn).toBe(expected);
});
