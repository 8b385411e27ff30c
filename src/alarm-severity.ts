/** How soon a person must act on an alarm. docs/alarms.md lists all alarms. */
export enum AlarmSeverity {
  /** Buyers are turned away, not served, or usage will not be billed unless a person acts within hours. */
  CRITICAL = 'CRITICAL',

  /** A person should look within days. */
  WARNING = 'WARNING',
}
