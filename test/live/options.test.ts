import { parseOptions, Refusal } from './options';

test('an account, and nothing else, is consent to a run with the defaults', () => {
  expect(parseOptions(['--account', '111122223333'])).toEqual({
    mode: 'check', account: '111122223333', region: 'us-east-1', farRegion: 'eu-west-1', long: false, keep: false, report: 'live-check-report.json',
  });
});

test('--remove names the mode that removes what an earlier run left', () => {
  expect(parseOptions(['--account', '111122223333', '--remove', '--region', 'eu-central-1'])).toMatchObject({ mode: 'remove', region: 'eu-central-1' });
});

test('an endpoint on this machine and a file of outputs name a rehearsal', () => {
  const parsed = parseOptions(['--endpoint', 'http://127.0.0.1:8099', '--outputs', 'outputs.json']);
  expect(parsed).toEqual({
    mode: 'rehearse', endpoint: 'http://127.0.0.1:8099', outputs: 'outputs.json', region: 'us-east-1', report: 'live-check-report.json',
  });
});

test.each([
  [[], 'needs your consent: --account <12 digits>'],
  [['--account', '1234'], '--account 1234 is no account id: give 12 digits'],
  [['--account'], "Option '--account <value>' argument missing"],
  [['--account', '111122223333', 'now'], "Unexpected argument 'now'"],
  [['--account', '111122223333', '--fast'], "Unknown option '--fast'"],
  [['--account', '111122223333', '--region', 'Ireland'], '--region Ireland is no region'],
  [['--account', '111122223333', '--region', 'eu-west-1'], '--far-region eu-west-1 is --region too'],
  [['--account', '111122223333', '--keep', '--remove'], '--keep and --remove exclude each other'],
  [['--endpoint', 'http://127.0.0.1:8099'], 'a rehearsal needs both --endpoint and --outputs'],
  [['--endpoint', 'https://example.com', '--outputs', 'x'], 'is not on this machine'],
  [['--endpoint', 'http://127.0.0.1:1', '--outputs', 'x', '--account', '111122223333'], 'exclude each other: a rehearsal touches no account'],
])('the options %j are refused with one clear message', (argv, message) => {
  expect(() => parseOptions(argv)).toThrow(Refusal);
  expect(() => parseOptions(argv)).toThrow(message);
});
