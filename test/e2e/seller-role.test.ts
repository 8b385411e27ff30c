import { Stack } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { Buyer } from '../../examples/typescript/demo/buyer';
import { SellerAccess } from '../../src';
import { DETAILS } from '../support/buyer-details';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const SELLER_ROLE = 'arn:aws:iam::222222222222:role/marketplace-seller';

/** A workload in an account of its own. Without a permission: `forgotten` is the part whose role lacks it. */
function workload(forgotten?: string): string {
  return synthesize((stack: Stack) => {
    const integration = integrate(stack, { sellerAccess: SellerAccess.assumeRole(SELLER_ROLE, { externalId: 'shared-secret' }) });
    for (const policy of integration.node.findAll()) {
      if (forgotten === undefined || !(policy instanceof CfnPolicy) || !policy.node.path.includes(`/${forgotten}/`)) continue;
      const { statements } = stack.resolve({ statements: policy.policyDocument.toJSON().Statement }) as { statements: { Action: unknown }[] };
      policy.policyDocument = { Version: '2012-10-17', Statement: statements.filter(({ Action }) => Action !== 'sts:AssumeRole') };
    }
  });
}

describe('an integration with a role of the seller account', () => {
  const on = useProduct(() => workload());

  test('makes every call to AWS Marketplace with that role when buyers register, usage is metered and lost events are repaired', async () => {
    const { product, sandbox } = on;
    const { licenseId, fulfillment } = await product.subscriber();
    const buyer = new Buyer('Ada');
    await buyer.register(await buyer.setUpAccount(fulfillment), DETAILS);
    await used(product, licenseId, 5);
    await product.advance('PT1H30M');
    expect(await product.billedTotal(licenseId)).toBe(5);

    const calls = await sandbox.calls();
    const marketplace = calls.filter(({ service }) => ['metering', 'entitlement', 'agreement'].includes(service));
    expect(new Set(marketplace.map(({ operation }) => operation))).toEqual(new Set(['ResolveCustomer', 'BatchMeterUsage', 'SearchAgreements', 'GetAgreementTerms']));
    // the functions' own roles may not call AWS Marketplace at all, and no call was denied: each must have used the other role
    for (const name of new Set(marketplace.map((call) => call.function))) {
      const own = calls.filter((call) => call.function === name);
      const assumed = own.findIndex(({ operation }) => operation === 'AssumeRole');
      expect(assumed).toBeGreaterThanOrEqual(0);
      expect(assumed).toBeLessThan(own.findIndex(({ service }) => ['metering', 'agreement'].includes(service)));
    }
  });
});

describe('an integration without the permission to assume that role', () => {
  const on = useProduct(() => workload('Metering'));

  test('keeps usage pending, and counts the error', async () => {
    const { product } = on;
    const { licenseId } = await product.subscriber();
    await used(product, licenseId, 5);
    await product.advance('PT1H30M');
    on.expectAtEnd({ denials: [{ action: 'sts:AssumeRole', resource: SELLER_ROLE }] });
    expect(await product.billedTotal(licenseId)).toBe(0);
    expect(await product.hour(licenseId, 'ApiCalls', '2026-11-16T08')).toMatchObject({ state: 'FROZEN', quantity: 5 });
    expect(await product.metric('MeteringConfigurationErrors')).toBeGreaterThan(0);
  });
});
