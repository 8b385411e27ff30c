import { cloudWatchActions, logsActions } from './actions';
import { AlarmEvaluation, type AlarmView } from './alarm-evaluation';
import { TelemetryApi } from './api';
import { TELEMETRY_TYPES } from './resources';
import { isCbor } from '../../gateway/cbor';
import type { RunningService, SandboxService } from '../../wiring/service';
import { LAMBDA } from '../lambda';

export interface TelemetryState {
  /** The alarms of the template, evaluated against what functions measured, their invocations, requests to APIs, and dead letters. */
  readonly alarms: readonly AlarmView[];
}

export interface RunningTelemetry extends RunningService {
  state(): TelemetryState;
}

/** CloudWatch and CloudWatch Logs. Metrics are what functions print, and what is sent with PutMetricData; logs are accepted and dropped. */
export const TELEMETRY: SandboxService<RunningTelemetry> = {
  name: 'telemetry',
  resources: TELEMETRY_TYPES,
  lists: ['alarms'],
  apis: [
    { name: 'monitoring', target: 'GraniteServiceVersion20100801', format: formatOfMetrics, actions: cloudWatchActions },
    { name: 'logs', target: 'Logs_20140328', actions: logsActions },
  ],
  start: ({ core: { clock, metrics, model }, services }) => {
    const totals = services.get(LAMBDA).metrics;
    const api = new TelemetryApi(({ metric, time = clock.now(), measured }) => totals.put(metric, Math.min(time, clock.now()), measured));
    let evaluations: readonly AlarmEvaluation[] = [];
    return {
      handlers: { monitoring: api, logs: api },
      destinations: { logs: async () => true },
      deploy: () => {
        evaluations = model.alarms.map((alarm) => new AlarmEvaluation(alarm, metrics, clock.now()));
      },
      state: () => ({ alarms: evaluations.map((evaluation) => evaluation.view(clock.now())) }),
    };
  },
};

/** CloudWatch speaks AWS JSON, `smithy-rpc-v2-cbor` (operation in the path) and AWS Query. */
function formatOfMetrics({ headers }: { readonly headers: Readonly<Record<string, string>> }): 'json' | 'query' | 'cbor' {
  return isCbor({ headers }) ? 'cbor' : headers['x-amz-target'] === undefined ? 'query' : 'json';
}
