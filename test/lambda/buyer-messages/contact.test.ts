import { contactMessage } from '../../../lambda/buyer-messages/send-contact';
import { Browser } from '../../support/browser';
import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { ARN } from '../../support/facts';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

test('the team gets what the buyer entered, which is in no event, log or other table', async () => {
  const app = await startIntegration(dynamo);
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
  const browser = new Browser(app);
  await browser.submit(await browser.arrive({ 'x-amzn-marketplace-token': TOKEN }), DETAILS);
  await app.notify(app.bus.sent.find(({ detailType }) => detailType === 'Buyer Registered')!);
  expect(app.team).toEqual([expect.stringContaining(`AWS account: ${ACCOUNT}`)]);
  expect(app.team[0]).toContain('E-mail: jo@example.com\nName: Jo Doe\nCompany: Example Corp');
  const elsewhere = (await app.everything()).filter((item) => item?.type !== 'Buyer');
  expect(JSON.stringify([app.bus.sent, app.telemetry.lines, elsewhere])).not.toMatch(/jo@example|Jo Doe|Example Corp/);
});

test('a registration whose data were deleted is a message without contact', () => {
  expect(contactMessage({ registrationId: 'r-1' }, undefined)).toBe(
    'A buyer has registered.\n\nRegistration: r-1\n\nThere are no contact data of this registration.\n');
});

test('answers and consents of a product follow the contact', () => {
  const details = { email: 'jo@example.com', answers: { teamSize: '1–10' }, consents: { terms: { url: 'https://acme.example/terms', acceptedAt: '2026-11-20T10:00:00Z' } } };
  expect(contactMessage({ registrationId: 'r-1', registeredBefore: true }, details)).toContain(
    'Registered before: yes\nRegistration: r-1\n\nE-mail: jo@example.com\nteamSize: 1–10\nterms: accepted 2026-11-20T10:00:00Z, https://acme.example/terms\n');
});

test('an event that is none of a registration is an error, so that it waits for a person', async () => {
  const app = await startIntegration(dynamo);
  await expect(app.notify({ detailType: 'Buyer Registered', time: '', detail: {} as never })).rejects.toThrow('no detail.registrationId');
});
