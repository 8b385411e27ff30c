import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { FakeAgreementSource } from './agreements';
import type { LocalDynamo } from './dynoxide';
import { at } from './facts';
import { Telemetry } from './telemetry';
import { Outbox } from '../../lambda/adapters/events/outbox';
import { BuyerDataTable } from '../../lambda/adapters/registrations/buyer-data-table';
import { BuyerEmailTable } from '../../lambda/adapters/registrations/buyer-email-table';
import { RegistrationTable } from '../../lambda/adapters/registrations/registration-table';
import { DueTable } from '../../lambda/adapters/subscriptions/due-table';
import { EntitlementTable } from '../../lambda/adapters/subscriptions/entitlement-table';
import { type SubscriptionItem, subscriptionKey } from '../../lambda/adapters/subscriptions/items';
import { ReconciliationProgressItems } from '../../lambda/adapters/subscriptions/reconciliation-progress';
import { SubscriptionReader } from '../../lambda/adapters/subscriptions/subscription-reader';
import { SubscriptionTable } from '../../lambda/adapters/subscriptions/subscription-table';
import { UnlinkedRegistrations } from '../../lambda/adapters/subscriptions/unlinked-registrations';
import { UsageTableGauges } from '../../lambda/adapters/usage/gauges';
import { UsageTable } from '../../lambda/adapters/usage/table';
import { handleBatch } from '../../lambda/agreement-events/handle-batch';
import { buyerDataHandler } from '../../lambda/buyer-data/handle-buyer-data';
import { buyerMessagesHandler } from '../../lambda/buyer-messages/handle-message';
import type { DomainEvent } from '../../lambda/domain/domain-event';
import type { EntitlementSource } from '../../lambda/domain/entitlements/ports';
import { type EventPublisher, EventsNotTakenError } from '../../lambda/domain/ports';
import { withWaiting, type UnlinkedRegistration } from '../../lambda/domain/registration/links';
import type { CustomerResolver, EmailMessage, EmailSender, ResolvedCustomer } from '../../lambda/domain/registration/ports';
import type { AgreementRecord } from '../../lambda/domain/subscription/agreement-source';
import type { BuyerAccount } from '../../lambda/domain/subscription/ports';
import { migrate } from '../../lambda/reconciliation/migrate';
import { CONTRACT_STUCK_PENDING_AFTER_MS, reconcile, STUCK_PENDING_AFTER_MS } from '../../lambda/reconciliation/reconcile';
import { activationCheck, PendingUsageGauge } from '../../lambda/reconciliation/usage-gauges';
import { registrationHandler } from '../../lambda/registration/handle-registration';
import { EntitlementChecks } from '../../lambda/subscriptions/entitlement-checks';
import { SubscriptionRecorder } from '../../lambda/subscriptions/subscription-recorder';
import { Subscriptions } from '../../lambda/subscriptions/subscriptions';
import { RegistrationIndex, SubscriptionIndex, UsageIndex, type RegistrationConfig, type WelcomeEmailConfig } from '../../src/names';

export const PRODUCT = '4ml54db8vrmjuykaw1psroool';
export const ACCOUNT = '111122223333';
export const TOKEN = 'the-registration-token/of=the:buyer+1';

export class FakeBus implements EventPublisher {
  readonly sent: DomainEvent[] = [];
  readonly refused = new Set<string>();
  readonly tooLarge = new Set<string>();
  attempts = 0;
  available = true;
  onPublish: (() => Promise<void>) | undefined;

  async publish(events: readonly DomainEvent[]): Promise<void> {
    this.attempts += 1;
    const tooLarge = events.map((event) => event.detail.eventId).filter((eventId) => this.tooLarge.has(eventId));
    if (tooLarge.length > 0) {
      throw new EventsNotTakenError(tooLarge.map((eventId) => ({ eventId, code: 'EntryTooLarge' })));
    }
    if (!this.available || events.some((event) => this.refused.has(event.detail.eventId))) {
      throw new Error('The bus is unavailable');
    }
    await this.onPublish?.();
    this.sent.push(...events);
  }

  /** Event ids, once each, sorted: what an app that deduplicates has seen. */
  get ids(): string[] {
    return [...new Set(this.sent.map((event) => event.detail.eventId))].sort();
  }

  get types(): string[] {
    return [...new Map(this.sent.map((event) => [event.detail.eventId, event.detailType])).values()];
  }
}

export class FakeResolver implements CustomerResolver {
  readonly asked: string[] = [];
  answer: () => ResolvedCustomer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT });

  async resolve(token: string): Promise<ResolvedCustomer> {
    this.asked.push(token);
    return this.answer();
  }
}

/** Takes e-mails, or fails. */
export class FakeMailbox implements EmailSender {
  readonly sent: (EmailMessage & { readonly to: string; readonly registrationId: string })[] = [];
  failure: Error | undefined;

  async send(_: WelcomeEmailConfig, to: string, message: EmailMessage, registrationId: string): Promise<void> {
    if (this.failure) {
      throw this.failure;
    }
    this.sent.push({ to, registrationId, ...message });
  }

  /** Path and language of the link that confirms the address, in the last e-mail. */
  get link(): { readonly path: string; readonly search: string } {
    const { pathname, search } = new URL(/https:\S+\/confirm\/\S+/.exec(this.sent.at(-1)?.text ?? '')?.[0] ?? '');
    return { path: pathname, search };
  }
}

/** Runs a call to AWS, or does something to it. */
export type Intercept = (call: () => Promise<unknown>, operation: string) => Promise<unknown>;

function intercepted<T extends object>(target: T, method: keyof T, intercept: Intercept): T {
  return new Proxy(target, {
    get: (object, property) => property === method
      ? (...args: unknown[]) => intercept(
        () => (object[method] as (...args: unknown[]) => Promise<unknown>).apply(object, args),
        method === 'send' ? (args[0] as object).constructor.name : String(method),
      )
      : Reflect.get(object, property) as unknown,
  });
}

/** The three handlers over one set of tables, with a clock and a Marketplace that tests control. */
export async function startIntegration(
  dynamo: LocalDynamo, config: RegistrationConfig = { productName: 'Acme' }, intercept: Intercept = (call) => call(), contracts?: EntitlementSource,
) {
  const tables = await dynamo.createTables();
  let failure: Error | undefined;
  let onlyOnce = false;
  const documentClient = intercepted(dynamo.documentClient, 'send', async (call, operation) => {
    if (failure !== undefined) {
      const error = failure;
      failure = onlyOnce ? undefined : failure;
      throw error;
    }
    return intercept(call, operation);
  });
  const time = { now: at(0) };
  const clock = { now: () => time.now };
  const bus = new FakeBus();
  const publisher = intercepted(bus, 'publish', intercept);
  const resolver = new FakeResolver();
  const telemetry = new Telemetry();
  const unlinked = new UnlinkedRegistrations(documentClient, tables.subscriptions);
  const forInvocation = () => {
    const outbox = new Outbox(documentClient, publisher, tables.subscriptions, SubscriptionIndex.OUTBOX);
    const store = new SubscriptionTable(documentClient, tables.subscriptions, outbox, PRODUCT);
    const entitlements = new EntitlementTable(documentClient, tables.subscriptions, outbox);
    const entitlementChecks = contracts && new EntitlementChecks({
      source: contracts, entitlements, store, productCode: PRODUCT, clock, log: telemetry, metrics: telemetry,
    });
    const subscriptions = new Subscriptions({ store, unlinked, log: telemetry, metrics: telemetry, entitlementChecks });
    return { ...common, outbox, store, entitlements, entitlementChecks, subscriptions };
  };
  const agreements = new Map<string, AgreementRecord>();
  const trials = new DueTable(documentClient, tables.subscriptions, 'FREE_TRIAL');
  const migrations = new DueTable(documentClient, tables.subscriptions, 'MIGRATION');
  const usageGauges = new UsageTableGauges(new UsageTable(documentClient, tables.usage));
  let handles = 0;
  let secrets = 0;
  const registrationOutbox = () => new Outbox(documentClient, publisher, tables.registrations, RegistrationIndex.OUTBOX);
  const mailbox = new FakeMailbox();
  const team: string[] = [];
  const buyers = new BuyerDataTable(documentClient, tables.registrations);
  const messages = buyerMessagesHandler({
    config,
    registrationUrl: 'https://buyers.example.com/',
    emails: new BuyerEmailTable(documentClient, tables.registrations),
    ofAccount: async (account) => buyers.ofAccount(account),
    buyer: async (registrationId) => buyers.read(registrationId),
    sender: mailbox,
    contactTopics: [async (_, message) => { team.push(message); }],
    clock,
    log: telemetry,
    metrics: telemetry,
    newSecret: () => `secret-${(secrets += 1)}-`.padEnd(43, 'x'),
  });
  const common = { productCode: PRODUCT, unlinked, clock, log: telemetry, metrics: telemetry };
  const registration = registrationHandler(() => ({
    ...forInvocation(),
    config,
    resolver: intercepted(resolver, 'resolve', intercept),
    registrations: new RegistrationTable(documentClient, tables.registrations, registrationOutbox(), config.buyerDataRetentionSeconds),
    buyerEmails: new BuyerEmailTable(documentClient, tables.registrations),
    newHandle: () => `handle-${(handles += 1)}-`.padEnd(43, 'x'),
    newId: () => `registration-${handles + 1}`,
  }));
  return {
    tables,
    documentClient,
    time,
    bus,
    resolver,
    telemetry,
    unlinked,
    trials,
    /** AWS's record of the seller's agreements. */
    agreements,
    get store() { return forInvocation().store; },
    get outbox() { return forInvocation().outbox; },
    get entitlements() { return forInvocation().entitlements; },
    get recorder() { return new SubscriptionRecorder(forInvocation().store, telemetry, telemetry); },
    /** A subscription as it is stored. */
    item: async (licenseId: string) => {
      const { Item: item } = await documentClient.send(new GetCommand({
        TableName: tables.subscriptions, Key: subscriptionKey(licenseId), ConsistentRead: true,
      }));
      return item as SubscriptionItem | undefined;
    },
    /** Lets a registration wait for its license. */
    addUnlinked: async (account: BuyerAccount, added: UnlinkedRegistration, now: number) =>
      unlinked.update(account, (waiting) => withWaiting(waiting, added), now),
    register: registration,
    mailbox,
    /** What the team has received. */
    team,
    /** Hands an event of the bus to the function that writes messages. */
    notify: async (event: DomainEvent) => messages({ 'detail-type': event.detailType, 'detail': event.detail }),
    /** What a person may ask of reconciliation about buyers of a legacy product. */
    migrate: async (request: unknown, remaining: () => number = () => 120_000) => migrate(
      { migrate: request }, { ...forInvocation(), migrations, source: new FakeAgreementSource(agreements) }, remaining,
    ),
    buyerData: buyerDataHandler({
      buyers: new BuyerDataTable(documentClient, tables.registrations),
      subscriptions: new SubscriptionReader(documentClient, tables.subscriptions),
      log: telemetry,
    }),
    /** Makes every call to DynamoDB fail, until it is called with undefined. */
    fail: (error: Error | undefined) => { [failure, onlyOnce] = [error, false]; },
    failOnce: (error: Error) => { [failure, onlyOnce] = [error, true]; },
    /** All that is stored, in all tables. */
    everything: async () => {
      const pages = [];
      for (const TableName of Object.values(tables)) {
        pages.push((await dynamo.documentClient.send(new ScanCommand({ TableName }))).Items);
      }
      return pages.flat();
    },
    buyer: async (registrationId: string) => {
      const { Item: item } = await dynamo.documentClient.send(new GetCommand({ TableName: tables.registrations, Key: { pk: `R#${registrationId}`, sk: 'BUYER' } }));
      return item;
    },
    http: async (request: Partial<HttpRequest>) => await registration(gatewayEvent(request)) as APIGatewayProxyResult,
    deliver: async (...events: readonly unknown[]) => handleBatch(batchOf(events), forInvocation(), () => 30_000),
    deliverWithin: async (remaining: () => number, ...events: readonly unknown[]) => handleBatch(batchOf(events), forInvocation(), remaining),
    reconcile: async (remaining: () => number = () => 120_000) => {
      const { outbox, ...rest } = forInvocation();
      await reconcile({
        ...rest,
        outboxes: [outbox, new Outbox(documentClient, publisher, tables.usage, UsageIndex.OUTBOX), registrationOutbox()],
        progress: new ReconciliationProgressItems(documentClient, tables.subscriptions),
        usage: { gauges: usageGauges, pending: new PendingUsageGauge(usageGauges, activationCheck(rest.store, clock)) },
        agreements: {
          source: new FakeAgreementSource(agreements),
          trials,
          productCode: PRODUCT,
        },
        migrations,
        stuckPendingAfterMs: contracts ? CONTRACT_STUCK_PENDING_AFTER_MS : STUCK_PENDING_AFTER_MS,
      }, remaining);
    },
  };
}

function batchOf(events: readonly unknown[]) {
  return {
    Records: events.map((event, index) => ({ messageId: String(index), body: typeof event === 'string' ? event : JSON.stringify(event) })),
  } as unknown as Parameters<typeof handleBatch>[0];
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly stage: string;
  readonly headers: Record<string, string>;
  readonly form: Record<string, string>;
  readonly body: string;
}

export function gatewayEvent({ method = 'GET', path = '/', search = '', stage = '/prod', headers = {}, form, body }: Partial<HttpRequest>) {
  const [segment] = path.split('/').filter(Boolean);
  return {
    httpMethod: method,
    path,
    resource: segment === undefined ? '/' : '/{proxy+}',
    pathParameters: segment === undefined ? null : { proxy: path.slice(1) },
    requestContext: { path: `${stage}${path}`, requestId: '2f1c9a44-0d4b-4e9f-9a44-1c7c3f0e5a0b' },
    queryStringParameters: search === '' ? null : Object.fromEntries(new URLSearchParams(search)),
    headers: { ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}), ...headers },
    body: body ?? (form ? new URLSearchParams(form).toString() : null),
    isBase64Encoded: false,
  };
}
