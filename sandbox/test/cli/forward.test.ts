import { forwardTargets } from '../../src/cli/forward';

test('calls are forwarded to this machine only, unless other machines are allowed', () => {
  const local = ['states=http://127.0.0.1:4566', 'kinesis=http://localhost:4567/', 'x=http://[::1]:1'];
  expect(forwardTargets(local, false)).toEqual({ states: 'http://127.0.0.1:4566', kinesis: 'http://localhost:4567/', x: 'http://[::1]:1' });
  expect(() => forwardTargets(['states=https://states.us-east-1.amazonaws.com'], false)).toThrow('this is not an address of this machine; --forward-anywhere allows it');
  expect(() => forwardTargets(['states=http://127.0.0.1.example.com'], false)).toThrow('not an address of this machine');
  expect(forwardTargets(['states=https://example.com'], true)).toEqual({ states: 'https://example.com' });
  expect(() => forwardTargets(['states=4566'], true)).toThrow('expected an address such as http://127.0.0.1:4566');
});
