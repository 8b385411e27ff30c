import { App, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Buyer } from '../../examples/typescript/demo/buyer';
import { AgreementEventSource, AgreementMode, MarketplaceSellerAccount, MarketplaceSellerAccountProps, SaasPricingModel, SellerAccess } from '../../src';
import { DETAILS } from '../support/buyer-details';
import { integrate, synthesizeApp } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const SELLER = '222222222222';
const WORKLOAD = '444444444444';
const ROLE = 'marketplace-seller';
const EXTERNAL_ID = 'shared-secret';
const sellerAccess = SellerAccess.assumeRole(`arn:aws:iam::${SELLER}:role/${ROLE}`, { externalId: EXTERNAL_ID });
const busArn = (region: string, name: string) => `arn:aws:events:${region}:${WORKLOAD}:event-bus/${name}`;

function stack(app: App, id: string, account: string, region = 'us-east-1'): Stack {
  return new Stack(app, id, { env: { account, region } });
}

function sellerSide(app: App, workloadEventBusArn: string, more: Partial<MarketplaceSellerAccountProps> = {}): void {
  new MarketplaceSellerAccount(stack(app, 'Seller', SELLER), 'Seller', {
    workloadAccount: WORKLOAD, externalId: EXTERNAL_ID, roleName: ROLE, workloadEventBusArn, ...more,
  });
}

describe('an app in the seller account, us-east-1 of the workload account, and another region of it', () => {
  const on = useProduct(() => synthesizeApp((app) => {
    sellerSide(app, busArn('us-east-1', 'agreement-events'));
    const arrival = stack(app, 'Arrival', WORKLOAD);
    new Rule(arrival, 'Onwards', {
      eventBus: new EventBus(arrival, 'AgreementEvents', { eventBusName: 'agreement-events' }),
      eventPattern: { source: ['aws.agreement-marketplace'] },
      targets: [new targets.EventBus(EventBus.fromEventBusArn(arrival, 'Home', busArn('eu-west-1', 'agreement-events')))],
    });
    const product = stack(app, 'Product', WORKLOAD, 'eu-west-1');
    const bus = new EventBus(product, 'AgreementEvents', { eventBusName: 'agreement-events' });
    integrate(product, { sellerAccess, agreementEvents: AgreementEventSource.eventBus(bus) });
  }));

  test('a buyer subscribes, registers and is billed', async () => {
    const { product, sandbox } = on;
    const { licenseId, fulfillment } = await product.subscriber();
    expect(await product.statusOf(licenseId)).toBe('ACTIVE');
    const arrived = (await sandbox.state()).events.filter(({ 'detail-type': type }) => type === 'License Updated - Manufacturer');
    expect(arrived.map(({ account, busName }) => [account, busName])).toEqual([[SELLER, 'agreement-events'], [SELLER, 'agreement-events']]);
    const buyer = new Buyer('Ada');
    await buyer.register(await buyer.setUpAccount(fulfillment), DETAILS);
    await used(product, licenseId, 5);
    await product.advance('PT1H30M');
    expect(await product.billedTotal(licenseId)).toBe(5);
  });

  test('the sandbox takes the account of the seller role for the seller, not that of the first stack or of the integration', async () => {
    const buying = (customerAwsAccountId: string) => on.sandbox.purchase({ customerAwsAccountId });
    await expect(buying(SELLER)).rejects.toMatchObject({ code: 'OwnProduct' });
    await expect(buying(WORKLOAD)).resolves.toBeDefined();
  });
});

describe('an app that forwards events to the default bus of the workload account', () => {
  const forwarded = useProduct(() => synthesizeApp((app) => {
    integrate(stack(app, 'Product', WORKLOAD), { sellerAccess });
    sellerSide(app, busArn('us-east-1', 'default'));
  }));

  test('the integration receives the forwarded events', async () => {
    const { licenseId } = await forwarded.product.subscriber();
    expect(await forwarded.product.statusOf(licenseId)).toBe('ACTIVE');
  });
});

describe('an app that forwards no events to the workload account', () => {
  const alone = useProduct(() => synthesizeApp((app) => {
    integrate(stack(app, 'Product', WORKLOAD), { sellerAccess });
  }));

  test('the integration receives no events', async () => {
    await alone.product.subscriber();
    expect((await alone.sandbox.state()).subscriptions).toEqual([]);
  });
});

describe('an app whose first stack is in another account than the integration', () => {
  const on = useProduct(() => synthesizeApp((app) => {
    stack(app, 'Website', WORKLOAD).exportValue('nothing', { name: 'Nothing' });
    integrate(stack(app, 'Product', SELLER));
  }));

  test('the sandbox takes the account of the integration for the seller', async () => {
    const { licenseId } = await on.product.subscriber();
    expect(await on.product.statusOf(licenseId)).toBe('ACTIVE');
    await expect(on.sandbox.purchase({ customerAwsAccountId: SELLER })).rejects.toMatchObject({ code: 'OwnProduct' });
  });
});

describe('a legacy product in eu-west-1 of the workload account, sold by the seller account', () => {
  const on = useProduct(() => synthesizeApp((app) => {
    const product = stack(app, 'Product', WORKLOAD, 'eu-west-1');
    const bus = new EventBus(product, 'AgreementEvents', { eventBusName: 'agreement-events' });
    integrate(product, { sellerAccess, agreementEvents: AgreementEventSource.eventBus(bus), agreementMode: AgreementMode.LEGACY });
    sellerSide(app, busArn('eu-west-1', 'agreement-events'), {
      agreementMode: AgreementMode.LEGACY, productCode: '4ml54db8vrmjuykaw1psroool', pricingModel: SaasPricingModel.SUBSCRIPTION,
    });
  }));

  test('a buyer subscribes by a notification that the seller account forwards, registers, is billed, and leaves', async () => {
    const { product, sandbox } = on;
    const bought = await product.subscriber();
    const subscription = async () => (await sandbox.state()).subscriptions[0];
    const { licenseId, status, customerIdentifier } = await subscription();
    expect([licenseId, status]).toEqual([`legacy-4ml54db8vrmjuykaw1psroool-${customerIdentifier}`, 'ACTIVE']);
    const buyer = new Buyer('Ada');
    await buyer.register(await buyer.setUpAccount(bought.fulfillment), DETAILS);
    await used(product, licenseId!, 5);
    await product.advance('PT1H30M');
    const { meteringRecords } = await sandbox.state();
    expect(meteringRecords.filter(({ quantity }) => quantity > 0)).toEqual([expect.objectContaining({ dimension: 'ApiCalls', quantity: 5 })]);
    await sandbox.agreement(bought.agreementId, 'cancel');
    await product.advance('PT1M');
    expect((await subscription()).status).toBe('ENDING');
  });
});
