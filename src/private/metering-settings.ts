import { Duration, Token } from 'aws-cdk-lib';
import { MARKETPLACE } from './partition';
import { checkEnum, checkInstance, checkInteger, invalidProp } from './validate';
import { LateUsagePolicy, MeteringMode, MeteringOptions } from '../metering-options';

export type MeteringSettings = Readonly<Required<MeteringOptions>>;

export function meteringSettings(options: MeteringOptions): MeteringSettings {
  const settings: MeteringSettings = {
    metering: options.metering ?? MeteringMode.LIVE,
    meteringRegion: options.meteringRegion ?? MARKETPLACE.defaultMeteringRegion,
    maxCallsPerSecond: options.maxCallsPerSecond ?? 10,
    closeGrace: options.closeGrace ?? Duration.minutes(10),
    finalUsageGrace: options.finalUsageGrace ?? Duration.minutes(10),
    lateUsagePolicy: options.lateUsagePolicy ?? LateUsagePolicy.CARRY_FORWARD,
    reportZeroUsage: options.reportZeroUsage ?? true,
  };
  const { metering, lateUsagePolicy, meteringRegion, maxCallsPerSecond } = settings;
  checkEnum('metering', metering, MeteringMode);
  checkEnum('lateUsagePolicy', lateUsagePolicy, LateUsagePolicy);
  if (!Token.isUnresolved(meteringRegion) && !MARKETPLACE.meteringRegions.includes(meteringRegion)) {
    throw invalidProp('meteringRegion', meteringRegion, 'give a region that has BatchMeterUsage, such as us-east-1');
  }
  checkInteger('maxCallsPerSecond', maxCallsPerSecond, 1, 10, ', the quota of BatchMeterUsage');
  if (typeof settings.reportZeroUsage !== 'boolean') {
    throw invalidProp('reportZeroUsage', settings.reportZeroUsage, 'give true or false');
  }
  checkDuration('closeGrace', settings.closeGrace, Duration.hours(4));
  checkDuration('finalUsageGrace', settings.finalUsageGrace, Duration.minutes(45));
  return settings;
}

function checkDuration(path: string, value: Duration, max: Duration): void {
  checkInstance(path, value, Duration, 'a Duration, such as Duration.minutes(10)');
  if (value.isUnresolved() || !Number.isInteger(value.toMilliseconds() / 1000) || value.toMilliseconds() > max.toMilliseconds()) {
    const received = value.isUnresolved() ? 'a token' : value.toIsoString();
    throw invalidProp(path, received, `give a duration of whole seconds, at most ${max.toHumanString()}`);
  }
}
