import { alarm } from './alarm-resource';
import type { Resource, ResourceTypes } from '../../template';

/** Log groups and dashboards do nothing here: functions print their output, and `state().metrics` sums up their metrics. */
export const TELEMETRY_TYPES: ResourceTypes = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::CompositeAlarm': alarm,
  'AWS::CloudWatch::Dashboard': { reference: (resource) => resource.get('DashboardName').string(resource.generatedName()) },
  'AWS::Logs::LogGroup': {
    reference: logGroupName,
    attributes: { Arn: (resource) => resource.arn('logs', `log-group:${logGroupName(resource)}:*`) },
  },
  'AWS::Logs::LogStream': { reference: (resource) => resource.get('LogStreamName').string(resource.generatedName()) },
  'AWS::Logs::MetricFilter': {},
  'AWS::Logs::QueryDefinition': {},
  'AWS::Logs::ResourcePolicy': {},
};

function logGroupName(resource: Resource): string {
  return resource.get('LogGroupName').string(resource.generatedName(512));
}
