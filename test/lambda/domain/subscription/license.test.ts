import { licenseIdOf, sendableArn } from '../../../../lambda/domain/subscription/license';

const SHORT = 'aws:license-manager:us-east-1:294406891311:l-1';
const ARN = 'arn:aws:license-manager::294406891311:license:l-1';

test('the id of a license is read with blanks around its ARN', () => {
  expect(licenseIdOf(` ${ARN} `)).toBe('l-1');
});

test('a text that continues after the id of a license, or has one in the middle of a word, names no license', () => {
  expect(licenseIdOf(`${ARN}:usage`)).toBeUndefined();
  expect(licenseIdOf(`${ARN}/l-2`)).toBe('l-2');
  expect(licenseIdOf('crystal-1')).toBeUndefined();
  expect(licenseIdOf('l-1')).toBe('l-1');
});

describe('the ARN of a license to send to BatchMeterUsage', () => {
  test('none is sent while only short forms, or nothing, were seen', () => {
    expect(sendableArn([])).toBeUndefined();
    expect(sendableArn([undefined, SHORT, `x${ARN}`])).toBeUndefined();
  });

  test('an ARN of any partition is sent', () => {
    expect(sendableArn([undefined, SHORT, ARN])).toBe(ARN);
    expect(sendableArn(['arn:aws-us-gov:license-manager::294406891311:license:l-1'])).toBe('arn:aws-us-gov:license-manager::294406891311:license:l-1');
  });

  test('of several ARNs the same one is sent, in whatever order they were seen', () => {
    const other = 'arn:aws:license-manager::294406891311:license/l-1';
    expect([sendableArn([ARN, other]), sendableArn([other, ARN])]).toEqual([other, other]);
  });
});
