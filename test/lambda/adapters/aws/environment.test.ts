import { readEnvironment } from '../../../../lambda/adapters/aws/environment';

describe('readEnvironment', () => {
  test('the named variables are read with their types', () => {
    const environment = readEnvironment({
      PRODUCT_CODE: '4ml54db8vrmjuykaw1psroool',
      REGISTRATION: '{"productName":"Acme"}',
      CLOSE_GRACE_SECONDS: '60',
      REPORT_ZERO_USAGE: 'false',
    }, 'PRODUCT_CODE', 'REGISTRATION', 'CLOSE_GRACE_SECONDS', 'REPORT_ZERO_USAGE', 'MARKETPLACE_REGION', 'SELLER_ROLE_ARN');
    expect(environment).toEqual({
      PRODUCT_CODE: '4ml54db8vrmjuykaw1psroool',
      REGISTRATION: { productName: 'Acme' },
      CLOSE_GRACE_SECONDS: 60,
      REPORT_ZERO_USAGE: false,
      MARKETPLACE_REGION: 'us-east-1',
      SELLER_ROLE_ARN: undefined,
    });
  });

  test('an empty value counts as not set', () => {
    expect(readEnvironment({ SELLER_ROLE_ARN: '', REGISTRATION: '' }, 'SELLER_ROLE_ARN', 'REGISTRATION'))
      .toEqual({ SELLER_ROLE_ARN: undefined, REGISTRATION: {} });
  });

  test('the error names every wrong variable, its value and what is right', () => {
    const read = () => readEnvironment({ METERING_MODE: 'dry-run', REGISTRATION: '{"productName":1}' }, 'METERING_MODE', 'USAGE_TABLE', 'REGISTRATION');
    expect(read).toThrow('Environment variable METERING_MODE is "dry-run": it must be LIVE or DRY_RUN.');
    expect(read).toThrow('Environment variable USAGE_TABLE is not set: it must be the name of a DynamoDB table.');
    expect(read).toThrow('Environment variable REGISTRATION is "{\\"productName\\":1}": it must be a JSON object');
  });

  test.each([
    ['REGISTRATION', '{"signUpUrl":"not a url"}'],
    ['REGISTRATION', '{'],
    ['PRODUCT_CODE', 'with space'],
    ['SELLER_ROLE_ARN', 'arn:aws:iam::123:user/x'],
    ['MAX_CALLS_PER_SECOND', '0'],
    ['REPORT_ZERO_USAGE', 'yes'],
  ] as const)('refuses %s=%s', (name, value) => {
    expect(() => readEnvironment({ [name]: value }, name)).toThrow(`Environment variable ${name} is`);
  });

  test('an external id is not in an error message', () => {
    expect(() => readEnvironment({ SELLER_EXTERNAL_ID: 'x' }, 'SELLER_EXTERNAL_ID')).toThrow('Environment variable SELLER_EXTERNAL_ID is malformed');
  });
});
