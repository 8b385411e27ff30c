/*
 * The switches of behaviour that AWS's documents leave open or that sources disagree on. Sections are those of
 * docs/marketplace-facts.md: each default is what the facts support best.
 */
export type Setting<T> = {
  readonly value: T;
  readonly allowed: readonly T[] | { readonly minimum: number; readonly maximum: number };
  /** Of docs/marketplace-facts.md: `6.1`; `10.4` is its open question 4. */
  readonly section: string;
  readonly description: string;
};

function choice<const T extends readonly string[]>(allowed: T, section: string, description: string): Setting<T[number]> {
  return { value: allowed[0], allowed, section, description };
}

function flag(section: string, description: string, value = false): Setting<boolean> {
  return { value, allowed: [false, true], section, description };
}

function integer(value: number, maximum: number, section: string, description: string): Setting<number> {
  return { value, allowed: { minimum: 0, maximum }, section, description };
}

const WEEK = 7 * 24 * 3_600;

export const SETTINGS = {
  'registration.tokenLifeSeconds': integer(14_400, WEEK, '1.2', 'Life of a registration token. Documents say 4 hours, and elsewhere about 1 hour.'),
  'registration.agreementTokenLifeSeconds': integer(1_800, WEEK, '1.2', 'Life of a token got through the Agreement API.'),
  'registration.singleUseTokens': flag('1.2', 'A token resolves only once; AWS says that repeated calls return the same.'),
  'registration.licenseArn': choice(['always', 'missing-on-first-call', 'missing-until-license-updated'], '1.3',
    'Whether ResolveCustomer answers with the LicenseArn: it was seen missing at first.'),
  'registration.customerIdentifier': choice(['absent', 'empty', 'null'], '2.1',
    'How ResolveCustomer leaves out CustomerIdentifier for products with concurrent agreements.'),
  'registration.fulfillmentHints': flag('1.1', 'The fulfillment form also carries the agreement id, product id and URL, as observed but undocumented.'),
  'registration.otherAccount': choice(['InvalidTokenException', 'AccessDeniedException'], '10.1',
    'Refusal of ResolveCustomer to a role of another account than the seller\'s; the name is not documented.'),

  'events.createdDelaySeconds': integer(11, WEEK, '3.5', 'From acceptance to Purchase Agreement Created (and Amended).'),
  'events.licenseUpdatedDelaySeconds': integer(72, WEEK, '3.5', 'From acceptance, or a later start, to License Updated.'),
  'events.deprovisionedDelaySeconds': integer(31, WEEK, '3.5', 'From Purchase Agreement Ended to License Deprovisioned.'),
  'events.licenseArn': choice(['observed', 'documented'], '2.2',
    'Form of license.arn: as observed (arn:aws:license-manager::…:license:l-…) or as in the documents (no arn:, a region, no license:).'),
  'events.offerId': choice(['prefixed', 'bare'], '3.5', 'Whether offer.id has its offer- prefix (observed) or not (documents).'),
  'events.timePrecision': choice(['milliseconds', 'seconds'], '3.5', 'Precision of times in detail.agreement: observed or as in the documents.'),
  'events.endedOffer': flag('3.4', 'Purchase Agreement Ended carries offer.id, as documented; the real event had none.'),
  'events.futureDatedCreated': choice(['acceptance', 'start'], '3.4', 'When Purchase Agreement Created of an agreement with a later start is sent.'),
  'events.advisoryOnSuspension': flag('10.9', 'Suspending a buyer account also issues (and resuming resolves) an advisory.'),
  'events.regionalHop': choice(['replaced', 'kept'], '11.6',
    'Whether id and time of an event are replaced when a rule forwards it to a bus of another region, as observed, or kept.'),

  'renewal.license': choice(['same', 'new'], '2.4', 'Whether a renewal keeps the license or makes another one.'),
  'replacement.license': choice(['new', 'same'], '2.4', 'Whether a replacement offer makes another license or keeps it.'),
  'renewal.deprovisionOldLicense': flag('10.8', 'License Deprovisioned is sent for a license that a renewal or replacement left behind.', true),

  'metering.finalWindow': choice(['deprovisioned', 'ended', 'none'], '3.7',
    'Usage is accepted until License Deprovisioned + 60 min; or mode A: Purchase Agreement Ended + 60 min; or mode B: only until License Deprovisioned.'),
  'metering.afterWindow': choice(['CustomerNotSubscribed', 'InvalidLicenseException'], '6.6',
    'Refusal after the final window: per record, or of the whole call.'),
  'metering.foreignLicense': choice(['InvalidLicenseException', 'CustomerNotSubscribed'], '10.3', 'Refusal of a license of another customer.'),
  'metering.unknownCustomer': choice(['InvalidCustomerIdentifierException', 'CustomerNotSubscribed'], '6.4',
    'Refusal of a customer of a legacy product who never bought it.'),
  'metering.productCodeWithLicenseArn': choice(['InvalidProductCodeException', 'InvalidLicenseException', 'ValidationException'], '10.2',
    'Refusal of ProductCode and LicenseArn in one call for products with concurrent agreements; the name was not recorded.'),
  'metering.dimensionOutsideOffer': choice(['accepted', 'InvalidUsageDimensionException'], '10.14',
    'Quantities above 0 of a dimension that the product has and the buyer\'s offer has not (dimensions of the purchase): AWS does not say.'),
  'metering.maxAgeHours': integer(24, 24 * 31, '6.2', 'Usage of this age or older is refused: 24 since July 2026, 6 before.'),
  'metering.ageFrom': choice(['timestamp', 'record-hour', 'current-hour'], '10.5',
    'The age runs from the timestamp; or from its hour\'s start (strictest); or up to the start of the present hour (as once observed).'),
  'metering.monthEnd': choice(['strict', 'lenient'], '6.2',
    '06:00 UTC on the 1st is a deadline for the month before; lenient: until then it also extends the accepted age.'),
  'metering.futureToleranceSeconds': integer(60, 3_600, '6.2',
    'Timestamps further ahead are refused; AWS\'s tolerance is unknown. A handler\'s clock runs ahead by its own running time.'),
  'metering.identicalResend': choice(['Success', 'DuplicateRecord'], '6.3', 'Status of a record sent again with the same timestamp and quantity.'),
  'metering.sameQuantityAtAnotherTime': choice(['DuplicateRecord', 'Success'], '10.4',
    'Status of another record of the hour with the same quantity: AWS calls only identical requests idempotent. It is never billed, whatever its status.'),
  'metering.duplicateRecordId': flag('10.4', 'DuplicateRecord carries the MeteringRecordId of the record that stands.'),
  'metering.sameKeyInOneCall': choice(['in-order', 'refuse'], '10.4',
    'Two records of one customer, dimension and hour in one call: the first stands, or the call is refused (ValidationException).'),
  'metering.otherAccount': choice(['InvalidProductCodeException', 'InvalidLicenseException', 'AccessDeniedException'], '7.2',
    'Refusal of BatchMeterUsage to a role of another account than the seller\'s; the name is not documented.'),
  'metering.maxRequestBytes': integer(1_000_000, 1_048_576, '6.1', 'A BatchMeterUsage request must be smaller.'),
  'metering.callsPerSecond': integer(10, 100_000, '6.10', 'Quota of BatchMeterUsage per region; 0 turns throttling off.'),

  'entitlements.callsPerSecond': integer(20, 100_000, '5', 'Quota of GetEntitlements; 0 turns throttling off.'),
  'entitlements.delaySeconds': integer(0, WEEK, '5', 'From License Updated, or Deprovisioned of a replaced license, until GetEntitlements shows the change; till then it shows what it did.'),
  'entitlements.emptyFirstPage': flag('5', 'The first page is empty and carries a NextToken.'),
  'entitlements.unknownProduct': choice(['InvalidParameterException', 'empty'], '10.13', 'Answer to an unknown ProductCode.'),
  'entitlements.otherAccount': choice(['InvalidParameterException', 'AccessDeniedException'], '7.2',
    'Refusal of GetEntitlements to a role of another account than the seller\'s; the name is not documented.'),

  'seller.optInRegions': choice(['enabled', 'disabled'], '11.6',
    'Whether the seller account has opt-in regions enabled; if not, STS there refuses to assume its roles (RegionDisabledException).'),

  'agreements.entitlementsForProposer': flag('10.12', 'GetAgreementEntitlements answers the seller; otherwise AccessDeniedException.', true),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<N extends SettingName> = (typeof SETTINGS)[N] extends Setting<infer T> ? T : never;
