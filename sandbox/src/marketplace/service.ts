import { accountOf } from '../arn';
import { MARKETPLACE_APIS } from './apis';
import type { ApiHandler } from '../gateway/aws-call';
import { inKeyOrder } from '../key-order';
import { DYNAMODB } from '../services/dynamodb';
import { EVENTBRIDGE } from '../services/eventbridge';
import { SNS } from '../services/sns';
import type { RunningService, SandboxService } from '../wiring/service';
import { productsOf } from './app/products';
import { type SubscriptionView, subscriptions } from './app/subscriptions';
import { Marketplace, type MarketplaceView } from './marketplace';
import type { Finding } from './world/types';

export interface MarketplaceState extends MarketplaceView {
  /** From the app's own table, without its internal attributes. */
  readonly subscriptions: readonly SubscriptionView[];
  /** What the Marketplace noticed that a seller should know. */
  readonly findings: readonly Finding[];
}

export interface RunningMarketplace extends RunningService {
  state(): Promise<MarketplaceState>;
}

/** AWS Marketplace as a service of the sandbox: its events go to EventBridge, its state includes the app's own tables. */
export const MARKETPLACE: SandboxService<RunningMarketplace> = {
  name: 'marketplace',
  apis: MARKETPLACE_APIS,
  start: ({ core, services }) => {
    const { accounts, clock, endpoint, findings, givenProducts, loop, model, settings, timers } = core;
    const eventBridge = services.get(EVENTBRIDGE);
    const topics = services.get(SNS);
    const marketplace = new Marketplace({
      clock,
      timers,
      events: { put: (bus, event) => eventBridge.put(bus, event) },
      notifications: { publish: (name, message) => topics.publish(name, message) },
      products: [...productsOf(model, endpoint), ...givenProducts],
      sellerAccountId: accounts.seller,
      settings,
      findings,
    });
    const handler: ApiHandler = {
      answersFaults: true,
      handle: async ({ caller, fault, at, ...call }) => marketplace.handle({
        ...call,
        // Real time counts for callers that have no time of their own: only throttling goes by it.
        at: at ?? clock.now() + performance.now(),
        ...caller && { account: accountOf(caller.roleArn) },
        ...fault?.error && { fault: fault.error },
      }),
    };
    return {
      handlers: Object.fromEntries(MARKETPLACE_APIS.map(({ name }) => [name, handler])),
      routes: [
        { method: 'POST', path: /^purchase$/, run: (body) => loop.exclusive(async () => marketplace.purchase(body)) },
        {
          method: 'POST',
          path: /^agreements\/([^/]+)\/([^/]+)$/,
          run: (body, [id, action]) => loop.exclusive(async () => marketplace.agreement(id, action, body)),
        },
        { method: 'GET', path: /^settings$/, run: () => marketplace.settings.list() },
        { method: 'POST', path: /^settings$/, run: (body) => marketplace.settings.set(body) },
      ],
      reset: () => marketplace.reset(),
      state: async () => ({
        ...marketplace.state(),
        subscriptions: inKeyOrder(await subscriptions(model, services.get(DYNAMODB).engine)),
        findings: marketplace.findings(),
      }),
    };
  },
};
