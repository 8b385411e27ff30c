import { outputsOf, repeatedOutputs } from '../../src/wiring/outputs';

test('outputs of one name in several stacks differ by the name of their stack', () => {
  const stack = (name: string, outputs: Record<string, unknown>) => ({ id: name, name, account: '000000000000', region: 'us-east-1', outputs });
  const stacks = [stack('A', { Url: 'a', Only: 1 }), stack('B', { Url: 'b' })];
  expect(outputsOf(stacks)).toEqual({ 'Url': 'a', 'Only': 1, 'A.Url': 'a', 'B.Url': 'b' });
  expect(repeatedOutputs(stacks)).toEqual(['Url']);
});
