import { cloudWatchActions, logsActions } from './actions';
import { TelemetryApi } from './api';
import { TELEMETRY_TYPES } from './resources';
import type { RunningService, SandboxService } from '../../wiring/service';

/** CloudWatch and CloudWatch Logs: what is sent to them is accepted and dropped. Metrics are read from what functions print. */
export const TELEMETRY: SandboxService = {
  name: 'telemetry',
  resources: TELEMETRY_TYPES,
  apis: [
    { name: 'monitoring', target: 'GraniteServiceVersion20100801', format: formatOfMetrics, actions: cloudWatchActions },
    { name: 'logs', target: 'Logs_20140328', actions: logsActions },
  ],
  start: (): RunningService => {
    const api = new TelemetryApi();
    return { handlers: { monitoring: api, logs: api }, destinations: { logs: async () => true } };
  },
};

/** CloudWatch speaks AWS JSON, `smithy-rpc-v2-cbor` (operation in the path) and AWS Query. */
function formatOfMetrics({ headers }: { readonly headers: Readonly<Record<string, string>> }): 'json' | 'query' | 'cbor' {
  if (headers['smithy-protocol'] !== undefined || headers['content-type'] === 'application/cbor') {
    return 'cbor';
  }
  return headers['x-amz-target'] === undefined ? 'query' : 'json';
}
