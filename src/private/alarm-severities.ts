import { AlarmSeverity } from '../alarm-severity';

/** Alarms by which buyers are turned away or not served, or usage will not be billed, unless a person acts within hours. */
const CRITICAL: ReadonlySet<string> = new Set([
  'RegistrationErrors', 'RegistrationApiErrors', 'RegistrationFailures',
  'AgreementEventsDeadLetters', 'AgreementEventsAge', 'EntitlementReadsFailed', 'OutboxBacklog', 'FailedEvents', 'ForwardingDeadLetters',
  'NotificationDeadLetters', 'NotificationAge',
  'UsageAge', 'UsageDeadLetters', 'PendingUsage20Hours', 'MeteringConfigurationErrors', 'MeteringConflicts',
  'MeteringStopped', 'ReconciliationStopped',
]);

/** Severity of the alarm with this id. */
export function severityOf(id: string): AlarmSeverity {
  return CRITICAL.has(id) ? AlarmSeverity.CRITICAL : AlarmSeverity.WARNING;
}
