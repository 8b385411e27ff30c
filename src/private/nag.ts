import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Writes down why findings of rule packs such as cdk-nag are accepted, by rule id. The reasons are part of the construct, so
 * that the checks of a user's own app find them too.
 */
export function acknowledge(construct: IConstruct, reasons: Record<string, string>): void {
  Validations.of(construct).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
}
