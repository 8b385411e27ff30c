import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ACCOUNT, PRODUCT } from './integration';
import { SETTINGS_FILE } from '../../src/names';

const ASSETS = path.join(__dirname, '..', '..', 'assets');

/** What all handlers together read. */
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  PRODUCT_CODE: PRODUCT,
  PRICING_MODEL: 'SUBSCRIPTION',
  METERING_MODE: 'LIVE',
  SUBSCRIPTIONS_TABLE: 's',
  REGISTRATIONS_TABLE: 'r',
  USAGE_TABLE: 'u',
  EVENT_BUS_NAME: 'b',
  INTEGRATION_ID: 'i',
  REGISTRATION_URL: 'https://example.com/',
  WORKLOAD_EVENT_BUS_ARN: `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/b`,
};
const SETTINGS = { dimensions: [{ name: 'ApiCalls', kind: 'METERED' }], registration: { productName: 'Acme' } };

/** Of one process, in milliseconds of CPU time: what it costs on a busy machine too. */
export interface ColdStart {
  readonly start: number;
  /** Absent without an event. */
  readonly firstCall?: number;
  readonly first?: unknown;
  /** Files and internal modules of Node.js. */
  readonly loaded: readonly string[];
}

const PROGRAM = `
  const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  const { bundle, event } = JSON.parse(process.argv[1]);
  const { handler } = bundle ? require(bundle) : {};
  const start = used();
  Promise.resolve(event && handler(event)).then((first) => {
    const loaded = [...process.moduleLoadList, ...Object.keys(require.cache)];
    const calls = event && { first, firstCall: used() - start };
    console.log(JSON.stringify({ start, ...calls, loaded }));
  });`;

/** Loads the bundle of a handler in a process of its own, as Lambda does, and calls it with an event. Without a name: Node.js alone. */
export function startHandler(name?: string, event?: unknown): ColdStart {
  const root = mkdtempSync(path.join(tmpdir(), 'cold-start-'));
  try {
    writeFileSync(path.join(root, SETTINGS_FILE), JSON.stringify(SETTINGS));
    const argument = JSON.stringify({ bundle: name && path.join(ASSETS, name), event });
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', PROGRAM, argument], {
      encoding: 'utf8', env: { ...ENVIRONMENT, LAMBDA_TASK_ROOT: root },
    });
    if (status !== 0) {
      throw new Error(stderr);
    }
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ColdStart;
  } finally {
    rmSync(root, { recursive: true });
  }
}
