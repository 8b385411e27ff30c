import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Reasons for findings of rule packs such as cdk-nag that cannot be met here, by rule id. They travel with the construct,
 * so that a user's own checks have them too.
 */
export function acknowledge(construct: IConstruct, reasons: Record<string, string>): void {
  Validations.of(construct).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
}
