import { parseOptions } from '../../src/cli/options';

test('the DynamoDB engine is an embedded one by name, or a server by address, from an option or the environment', () => {
  const parsed = (value: string) => parseOptions(['--app', 'cdk.out', '--dynamodb', value], {})?.dynamodb;
  expect(parsed('dynalite')).toBe('dynalite');
  expect(parsed('http://127.0.0.1:8000')).toBe('http://127.0.0.1:8000');
  expect(() => parsed('dynalight')).toThrow('--dynamodb dynalight: expected dynoxide, dynalite, or an address such as http://127.0.0.1:8000');
  expect(parseOptions(['--app', 'cdk.out'], { MARKETPLACE_SANDBOX_DYNAMODB: 'dynoxide' })?.dynamodb).toBe('dynoxide');
  expect(parseOptions(['--app', 'cdk.out'], {})?.dynamodb).toBeUndefined();
});
