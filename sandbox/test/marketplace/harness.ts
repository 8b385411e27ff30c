import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MarketplaceAgreementClient } from '@aws-sdk/client-marketplace-agreement';
import { MarketplaceEntitlementServiceClient } from '@aws-sdk/client-marketplace-entitlement-service';
import { MarketplaceMeteringClient, type UsageRecord } from '@aws-sdk/client-marketplace-metering';
import type { FaultError } from '../../src/faults/fault';
import type { HttpRequest } from '../../src/gateway/aws-call';
import { parseCall } from '../../src/gateway/parse-call';
import { Marketplace, MARKETPLACE_APIS, type ProductConfig, type PurchaseResult } from '../../src/marketplace';
import type { EventBridgeEvent, Timers } from '../../src/ports';

export const SELLER = '111122223333';
export const BUYER = '444455556666';
export const START = Date.UTC(2026, 10, 23, 5, 20);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const SUBSCRIPTION: ProductConfig = {
  productCode: '4ml54db8vrmjuykaw1psroool',
  pricingModel: 'SUBSCRIPTION',
  agreementMode: 'CONCURRENT',
  dimensions: ['ApiCalls', 'StorageGb'],
  entitledDimensions: [],
  fulfillmentUrl: 'https://seller.example/register',
};
export const OTHER_SUBSCRIPTION: ProductConfig = { ...SUBSCRIPTION, productCode: '9zzotherproductcode000001' };
export const CONTRACT: ProductConfig = {
  ...SUBSCRIPTION,
  productCode: '2contractproductcode00001',
  pricingModel: 'CONTRACT_WITH_CONSUMPTION',
  dimensions: ['ExtraUsers'],
  entitledDimensions: ['Users', 'Projects'],
};
export const LEGACY: ProductConfig = { ...SUBSCRIPTION, productCode: '7legacyproductcode0000001', agreementMode: 'LEGACY' };

/** A clock that stands still until moved, and an timers that runs along with it. */
export class VirtualTime implements Timers {
  private time = START;
  private entries: { id: number; time: number; run: () => void | Promise<void> }[] = [];
  private ids = 0;

  now(): number {
    return this.time;
  }

  at(time: number, _label: string, run: () => void | Promise<void>): number {
    this.ids += 1;
    this.entries.push({ id: this.ids, time, run });
    return this.ids;
  }

  cancel(id: number): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }

  pending(): number {
    return this.entries.length;
  }

  advance(milliseconds: number): void {
    this.moveTo(this.time + milliseconds);
  }

  moveTo(target: number): void {
    for (;;) {
      if (this.entries.length === 0) {
        break;
      }
      // Entries stand in the order of their insertion: the first of the earliest is due.
      const due = this.entries.reduce((first, entry) => (entry.time < first.time ? entry : first));
      if (due.time > target) {
        break;
      }
      this.cancel(due.id);
      this.time = Math.max(this.time, due.time);
      void due.run();
    }
    this.time = target;
  }
}

/** An emulated Marketplace with a virtual clock, and its events. */
export class MarketplaceFixture {
  readonly time = new VirtualTime();
  readonly events: EventBridgeEvent[] = [];
  readonly marketplace: Marketplace;
  /** Milliseconds in the time of callers, for throttling. */
  instant = 0;
  /** An error that the next calls get. */
  readonly notifications: Record<string, string>[] = [];
  fault?: FaultError;

  constructor(products: ProductConfig[] = [SUBSCRIPTION]) {
    this.marketplace = new Marketplace({
      clock: this.time,
      timers: this.time,
      events: { put: (_bus, event) => this.events.push(event) },
      notifications: { publish: (topic, message) => this.notifications.push({ topic, ...JSON.parse(message) }) },
      products,
      sellerAccountId: SELLER,
    });
  }

  /** A purchase whose license is active. */
  subscribe(body: Record<string, unknown> = {}): PurchaseResult {
    const purchase = this.marketplace.purchase({ customerAwsAccountId: BUYER, ...body });
    this.time.advance(72_000);
    return purchase;
  }

  set(settings: Record<string, unknown>): void {
    this.marketplace.settings.set(settings);
  }

  act(purchase: { agreementId: string }, action: string, body?: unknown): Record<string, unknown> {
    return this.marketplace.agreement(purchase.agreementId, action, body) as Record<string, unknown>;
  }

  detailTypes(): string[] {
    return this.events.map((event) => event['detail-type']);
  }

  /** Answers a request to the Marketplace's endpoint. */
  handle(request: HttpRequest, account?: string) {
    return this.marketplace.handle({ ...parseCall(request, MARKETPLACE_APIS)!, at: this.instant, account, fault: this.fault });
  }

  /** A request without a client in between. */
  wire(
    target: string, body: unknown, { region = 'us-east-1', account }: { region?: string; account?: string } = {},
  ): { status: number; headers: Readonly<Record<string, unknown>>; body: any } {
    const response = this.handle({
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: { 'x-amz-target': target, 'authorization': `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/${region}/aws-marketplace/aws4_request` },
      rawHeaders: [],
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    }, account);
    return { ...response, body: JSON.parse(response.body.toString()) };
  }

  meter(...records: UsageRecord[]): { status: number; body: any } {
    return this.wire('AWSMPMeteringService.BatchMeterUsage', {
      UsageRecords: records.map((record) => ({ ...record, Timestamp: record.Timestamp!.getTime() / 1_000 })),
    });
  }
}

/** A record for the present hour unless told otherwise. */
export function usage(purchase: PurchaseResult, world: MarketplaceFixture, fields: Partial<UsageRecord> = {}): UsageRecord {
  return {
    Timestamp: new Date(Math.floor(world.time.now() / HOUR) * HOUR),
    CustomerAWSAccountId: purchase.customerAwsAccountId,
    LicenseArn: purchase.licenseArn,
    Dimension: 'ApiCalls',
    Quantity: 5,
    ...fields,
  };
}

/** The marketplace behind HTTP on the loopback interface, and SDK clients that talk to it. */
export class Served {
  static async start(current: () => MarketplaceFixture): Promise<Served> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answer = current().handle(toRequest(request, Buffer.concat(chunks)));
        response.writeHead(answer.status, answer.headers as Record<string, string>).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Served(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  private constructor(readonly server: Server, readonly endpoint: string) {}

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  metering(region = 'us-east-1'): MarketplaceMeteringClient {
    return new MarketplaceMeteringClient(this.configuration(region));
  }

  entitlement(): MarketplaceEntitlementServiceClient {
    return new MarketplaceEntitlementServiceClient(this.configuration('us-east-1'));
  }

  agreement(): MarketplaceAgreementClient {
    return new MarketplaceAgreementClient(this.configuration('us-east-1'));
  }

  private configuration(region: string) {
    return { endpoint: this.endpoint, region, maxAttempts: 1, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } };
  }
}

function toRequest(incoming: IncomingMessage, body: Buffer): HttpRequest {
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://sandbox');
  return { method: incoming.method ?? '', path: pathname, query: searchParams, headers, rawHeaders: incoming.rawHeaders, body };
}
