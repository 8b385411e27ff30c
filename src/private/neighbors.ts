import { Annotations, Stack, Stage, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { MeteringSettings } from './metering-settings';
import { Product } from './product';
import { MeteringMode } from '../metering-options';

/** Calls of BatchMeterUsage a second that AWS takes of one seller account in one region (docs/marketplace-facts.md#f-6-10). */
const QUOTA = 10;

/** What the integrations of one app have in common at AWS. */
interface Neighbor {
  readonly scope: Construct;
  readonly productCode: string;
  readonly seller: string;
  readonly settings: MeteringSettings;
}

/** Integrations by the root of their app. */
const APPS = new WeakMap<Construct, Neighbor[]>();

/**
 * Warns where integrations of one app compete: two that send usage of one product, and those that together call more often than
 * AWS lets a seller. Not an error, as an app may have stages in partitions or accounts that synthesis does not know.
 *
 * @param seller account of the seller, as far as synthesis knows it
 */
export function warnAboutNeighbors(scope: Construct, { productCode }: Product, settings: MeteringSettings, seller: string): void {
  if (settings.metering !== MeteringMode.LIVE) {
    return;
  }
  const others = APPS.get(scope.node.root as Construct) ?? [];
  APPS.set(scope.node.root as Construct, [...others, { scope, productCode, seller, settings }]);
  const same = others.find((other) => !Token.isUnresolved(productCode) && other.productCode === productCode);
  if (same) {
    Annotations.of(scope).addWarningV2('cdk-marketplace-saas:liveTwice',
      `${same.scope.node.path} sends usage of the product ${productCode} too, and AWS Marketplace takes the first quantity of an hour and drops the other: `
      + 'give all but one of them metering: MeteringMode.DRY_RUN');
    return;
  }
  const sharing = others.filter((other) => other.seller === seller && other.settings.meteringRegion === settings.meteringRegion);
  const calls = sharing.reduce((sum, other) => sum + other.settings.maxCallsPerSecond, settings.maxCallsPerSecond);
  if (calls > QUOTA) {
    Annotations.of(scope).addWarningV2('cdk-marketplace-saas:sharedQuota',
      `with ${sharing.map((other) => other.scope.node.path).join(', ')}, up to ${calls} calls of BatchMeterUsage a second are made for one seller, and AWS takes `
      + `${QUOTA}: set maxCallsPerSecond so that all together stay within it (or have the quota raised, and acknowledge this warning)`);
  }
}

/** The account whose quota the calls count for: that of the seller's role, else that of the stack; stacks of one stage share one that is not known. */
export function sellerOf(scope: Construct, otherAccount: string | undefined): string {
  const { account } = Stack.of(scope);
  return otherAccount ?? (Token.isUnresolved(account) ? `account of ${Stage.of(scope)?.node.path}` : account);
}
