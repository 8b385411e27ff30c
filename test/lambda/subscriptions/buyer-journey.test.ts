import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { ARN, LICENSE } from '../../support/facts';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

describe('a buyer', () => {
  test('a buyer subscribes, registers, uses the product, and cancels', async () => {
    const app = await startIntegration(dynamo);
    app.time.now = Date.parse('2026-08-20T14:24:44Z');
    app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });

    // The events come before the browser does.
    expect(await app.deliver(fixture('observed-1-created-proposer'), fixture('observed-2-license-updated-manufacturer'))).toEqual({ batchItemFailures: [] });
    expect(app.bus.types).toEqual(['Subscription Activated']);

    const landed = await app.http({ method: 'POST', path: '/', form: { 'x-amzn-marketplace-token': TOKEN } });
    expect(landed).toMatchObject({ statusCode: 303, headers: { location: expect.stringMatching(/^register\/[\w-]{16}$/) as string } });
    const path = `/${String(landed.headers?.location)}`;
    const cookie = String(landed.headers?.['set-cookie']);
    expect(cookie).toMatch(/^__Host-registration-[^;]+; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const headers = { Cookie: cookie.split(';')[0] ?? '' };

    const form = await app.http({ path, headers });
    expect(form.statusCode).toBe(200);
    const csrf = /name="csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
    const sent = await app.http({
      method: 'POST', path, headers, form: { csrf, ...DETAILS },
    });
    expect(sent).toMatchObject({ statusCode: 303 });
    expect((await app.http({ path, headers })).body).toContain('You are all set');
    expect(app.bus.types).toEqual(['Subscription Activated', 'Buyer Registered']);
    expect(await app.item(LICENSE)).toMatchObject({
      status: 'ACTIVE', licenseArn: ARN, customerAwsAccountId: ACCOUNT, productCode: PRODUCT, registeredAt: '2026-08-20T14:24:44.000Z',
    });

    await app.deliver(fixture('observed-3-ended-proposer'), fixture('observed-4-license-deprovisioned-manufacturer'));
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ENDING', statusAt: '2026-08-20T15:25:28.000Z' });
    app.time.now = Date.parse('2026-08-20T15:25:28Z');
    await app.reconcile();
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ENDED', endedAt: '2026-08-20T14:24:57.000Z' });
    expect(app.bus.types).toEqual(['Subscription Activated', 'Buyer Registered', 'Subscription Ending', 'Subscription Ended']);
    expect(app.telemetry.values).toEqual({
      RegistrationsStarted: 1,
      RegistrationTokensExpired: 0,
      RegistrationTokensInvalid: 0,
      BuyersRegistered: 1,
      OutboxBacklog: 0,
      SubscriptionsStuckPending: 0,
      SubscriptionsUnregistered: 0,
      OldestPendingUsageAge: 0,
      MeteringRecordsUnresolved: 0,
      MeteringConflicts: 0,
      ReconciliationRuns: 1,
    });
  });
});
