/** What the metering API takes as a LicenseArn (docs/marketplace-facts.md#f-2-2); the short form of documented events does not match. */
const SENDABLE_ARN = /^arn:aws[a-z-]*:/;
const LICENSE_ID = /(?:^|[:/])(l(?:ic)?-[A-Za-z0-9_.-]+)$/;

/**
 * The key of a license: the last part of its ARN, in whatever shape the ARN comes (docs/marketplace-facts.md#f-2-2).
 *
 * @returns undefined when the text names no license
 */
export function licenseIdOf(licenseArn: string): string | undefined {
  return LICENSE_ID.exec(licenseArn.trim())?.[1];
}

/** The one ARN of a license to send to BatchMeterUsage, out of all shapes seen; undefined while only short forms were. */
export function sendableArn(seen: Iterable<string | undefined>): string | undefined {
  return [...seen].flatMap((arn) => arn ?? []).filter((arn) => SENDABLE_ARN.test(arn)).sort()[0];
}
