import { Duration, Token } from 'aws-cdk-lib';
import { checkEnum, invalidProp } from './validate';
import { LateUsagePolicy, MeteringMode, MeteringOptions } from '../metering-options';

export type MeteringSettings = Readonly<Required<MeteringOptions>>;

/** Regions of the `aws` partition with BatchMeterUsage: https://docs.aws.amazon.com/marketplace/latest/developerguide/metering-regions.html */
const REGIONS = ['af-south-1', 'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2',
  'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ca-central-1', 'eu-central-1', 'eu-central-2', 'eu-north-1',
  'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'il-central-1', 'me-central-1', 'me-south-1', 'sa-east-1',
  'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'cn-northwest-1'];

export function meteringSettings(options: MeteringOptions): MeteringSettings {
  const settings: MeteringSettings = {
    metering: options.metering ?? MeteringMode.LIVE,
    meteringRegion: options.meteringRegion ?? 'us-east-1',
    maxCallsPerSecond: options.maxCallsPerSecond ?? 10,
    closeGrace: options.closeGrace ?? Duration.minutes(10),
    finalUsageGrace: options.finalUsageGrace ?? Duration.minutes(10),
    lateUsagePolicy: options.lateUsagePolicy ?? LateUsagePolicy.CARRY_FORWARD,
    reportZeroUsage: options.reportZeroUsage ?? true,
  };
  const { metering, lateUsagePolicy, meteringRegion, maxCallsPerSecond } = settings;
  checkEnum('metering', metering, MeteringMode);
  checkEnum('lateUsagePolicy', lateUsagePolicy, LateUsagePolicy);
  if (!Token.isUnresolved(meteringRegion) && !REGIONS.includes(meteringRegion)) {
    throw invalidProp('meteringRegion', meteringRegion, 'give a region in which BatchMeterUsage can be called, such as us-east-1');
  }
  if (!Number.isInteger(maxCallsPerSecond) || maxCallsPerSecond < 1 || maxCallsPerSecond > 10) {
    throw invalidProp('maxCallsPerSecond', maxCallsPerSecond, 'give a whole number from 1 to 10, the quota of BatchMeterUsage');
  }
  checkDuration('closeGrace', settings.closeGrace, Duration.hours(4));
  checkDuration('finalUsageGrace', settings.finalUsageGrace, Duration.minutes(45));
  return settings;
}

function checkDuration(path: string, value: Duration, max: Duration): void {
  if (value.isUnresolved() || !Number.isInteger(value.toMilliseconds() / 1000) || value.toMilliseconds() > max.toMilliseconds()) {
    const received = value.isUnresolved() ? 'a token' : value.toIsoString();
    throw invalidProp(path, received, `give a duration of whole seconds, at most ${max.toHumanString()}`);
  }
}
