import { type AgreementFact, type AgreementFactKind, agreementFacts, EMPTY_FACTS, type SubscriptionFacts } from '../../lambda/domain/subscription/facts';

/** Minutes into the test's day, as epoch milliseconds. */
export const at = (minutes: number): number => Date.UTC(2026, 10, 23) + minutes * 60_000;

export const LICENSE = 'l-0123456789abcdef0123456789abcdef';
export const ARN = `arn:aws:license-manager::294406891311:license:${LICENSE}`;

export const fact = (kind: AgreementFactKind, minutes: number, more: Partial<AgreementFact> = {}): AgreementFact =>
  ({ kind, agreementId: 'agmt-a', time: at(minutes), ...more });

export const factsOf = (...facts: readonly AgreementFact[]): SubscriptionFacts => ({ ...EMPTY_FACTS, agreements: agreementFacts(...facts) });

/** Every order of the items. */
export function permutations<T>(items: readonly T[]): T[][] {
  return items.length === 0 ? [[]] : items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]));
}
