export { renderInput, type RuleNames } from './input';
export { compilePattern, matchesPattern, PatternError, type EventMatcher } from './pattern';
export { nextOccurrence, ScheduleError } from './schedule-expression';
