/*
 * The emulated BatchMeterUsage in a process of its own, so that its work is not counted as the ledger's.
 * argv: number of licenses, dimensions (comma separated), calls a second (0: unlimited). Says where it listens, and whose
 * licenses it sold, to its parent; answers any message with what it has metered.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseCall } from '../../sandbox/src/gateway/parse-call';
import { Marketplace, MARKETPLACE_APIS } from '../../sandbox/src/marketplace';

const [licenseCount, dimensions, callsPerSecond] = process.argv.slice(2);
const HOUR_MS = 3_600_000;
/** Sold well before the oldest hour that is metered. */
const PURCHASED = Date.now() - 30 * HOUR_MS;

let time: number | undefined = PURCHASED;
const due: { at: number; run: () => void | Promise<void> }[] = [];
const marketplace = new Marketplace({
  clock: { now: () => time ?? Date.now() },
  timers: { at: (at, _label, run) => due.push({ at, run }), cancel: () => undefined },
  events: { put: () => undefined },
  notifications: { publish: () => undefined },
  products: [{
    productCode: 'benchmark',
    pricingModel: 'SUBSCRIPTION',
    agreementMode: 'CONCURRENT',
    dimensions: dimensions.split(','),
    entitledDimensions: [],
    fulfillmentUrl: 'https://seller.example/',
  }],
  sellerAccountId: '111122223333',
});
const licenses = Array.from({ length: Number(licenseCount) }, (_, i) => {
  const { licenseId, licenseArn } = marketplace.purchase({ customerAwsAccountId: String(200_000_000_000 + i) });
  return { licenseId, licenseArn, customerAwsAccountId: String(200_000_000_000 + i) };
});
time = PURCHASED + HOUR_MS;
for (const entry of due) void entry.run();
time = undefined;
marketplace.settings.set({ 'metering.callsPerSecond': Number(callsPerSecond) });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const call = parseCall({
      headers: request.headers as Record<string, string>,
      rawHeaders: request.rawHeaders,
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      body: Buffer.concat(chunks),
    }, MARKETPLACE_APIS)!;
    const answer = marketplace.handle({ ...call, at: performance.now(), fault: undefined });
    response.writeHead(answer.status, answer.headers as Record<string, string>).end(answer.body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port, licenses }));
process.on('message', () => process.send!({ records: marketplace.state().meteringRecords.length, calls: marketplace.state().meteringCalls }));
process.on('disconnect', () => process.exit(0));
