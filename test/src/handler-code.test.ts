import { CfnParameter, Stack } from 'aws-cdk-lib';
import { integrate, newApp, newStack, settingsOf } from './fixtures';
import { Dimension, Registration, UsageMetric } from '../../src';

const codeOf = (stack: Stack, part: string) => settingsOf(stack, part).hash;

test('the functions of usage have the dimensions and their metrics in a file beside their code', () => {
  const { stack } = integrate({
    dimensions: [Dimension.metered('Units', { metrics: [UsageMetric.of('BackupGb', { unitsPerQuantity: '0.01' }), UsageMetric.of('Seats')] })],
  });
  for (const part of ['UsageIntake', 'Metering']) {
    expect(settingsOf(stack, part).settings).toEqual({
      dimensions: [{
        name: 'Units',
        kind: 'METERED',
        metrics: [{ name: 'BackupGb', unitsPerQuantity: '0.01' }, { name: 'Seats', unitsPerQuantity: '1' }],
      }],
    });
  }
});

test('a product with 200 dimensions of 15 characters and their metrics synthesizes', () => {
  const dimensions = Array.from({ length: 200 }, (_, i) => Dimension.metered(`Dimension${String(i).padStart(6, '0')}`, {
    metrics: [UsageMetric.of(`metric-of-dimension-${i}`, { unitsPerQuantity: '0.001' })],
  }));
  const { stack } = integrate({ dimensions });
  expect(settingsOf(stack, 'Metering').settings.dimensions).toHaveLength(200);
});

test('what the registration shows is in the file, and what only CloudFormation knows is in the environment', () => {
  const stack = newStack();
  const url = new CfnParameter(stack, 'Url').valueAsString;
  const { template } = integrate({ registration: Registration.ownSignUp(url, { productName: 'Acme', supportEmail: 'help@example.com' }) }, stack);
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { REGISTRATION: { 'Fn::Join': ['', ['{"signUpUrl":"', { Ref: 'Url' }, '"}']] } } },
  });
  expect(settingsOf(stack, 'Registration').settings).toEqual({ registration: { productName: 'Acme', supportEmail: 'help@example.com' } });
});

test('code has another hash when its settings change, and the same hash in a copy of the app', () => {
  const hashes = (name: string) => {
    const { stack } = integrate({ dimensions: [Dimension.metered(name)] });
    return ['Agreements', 'UsageIntake', 'Metering', 'Reconciliation'].map((part) => codeOf(stack, part));
  };
  const [agreements, intake, metering, reconciliation] = hashes('ApiCalls');
  expect(hashes('ApiCalls')).toEqual([agreements, intake, metering, reconciliation]);
  expect(hashes('StorageGb')).toEqual([agreements, expect.not.stringMatching(intake), expect.not.stringMatching(metering), reconciliation]);
});

test('code in a cloud assembly is complete, as CDK copies it with its settings', () => {
  const { stack } = integrate({}, newStack({}, newApp({ 'aws:cdk:disable-asset-staging': false })));
  const { files, settings } = settingsOf(stack, 'Metering');
  expect(files).toEqual(['index.js', 'seller-credentials.js', 'settings.json']);
  expect(settings.dimensions).toEqual([{ name: 'ApiCalls', kind: 'METERED' }, { name: 'StorageGb', kind: 'METERED' }]);
});
