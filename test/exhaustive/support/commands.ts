import type { FaultRequest } from 'cdk-marketplace-saas-sandbox';
import * as fc from 'fast-check';
import type { Contracts } from './contracts';
import type { Product } from './product';
import type { Reports } from './reports';

/** What has happened so far in a random story. */
export interface Scene {
  readonly product: Product;
  readonly reports: Reports;
  readonly cancelled: Set<number>;
  /** Absent: buyers pay for nothing up front. */
  readonly contracts?: Contracts;
}

/** One thing that happens. Data, so that a story can be printed, made smaller and played again. */
export type Command =
  | { readonly does: 'report'; readonly license: number; readonly records: readonly UsageDraft[] }
  | { readonly does: 'report again'; readonly which: number }
  | { readonly does: 'report something else under an old id'; readonly which: number; readonly quantity: number }
  | { readonly does: 'report nonsense'; readonly license: number; readonly kind: Nonsense }
  | { readonly does: 'wait'; readonly minutes: number }
  | { readonly does: 'break'; readonly fault: FaultRequest }
  | { readonly does: 'crash'; readonly fault: FaultRequest }
  | { readonly does: 'heal' }
  | { readonly does: 'subscribe' }
  | { readonly does: 'cancel'; readonly license: number }
  | { readonly does: 'amend'; readonly license: number; readonly paidCalls: number; readonly paidUnits: number };

export interface UsageDraft {
  readonly meter: 'ApiCalls' | 'Units' | 'BackupMb';
  readonly quantity: number;
  readonly minutesAgo: number;
}

export type Nonsense = 'not JSON' | 'unknown dimension' | 'negative' | 'in the future';

const MAX_LICENSES = 4;
const LONG = 1_000_000;

const license = fc.nat(MAX_LICENSES - 1);
const minutesAgo = fc.oneof(
  { weight: 6, arbitrary: fc.nat(59) },
  { weight: 3, arbitrary: fc.integer({ min: 60, max: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 300, max: 2500 }) },
);
const draft: fc.Arbitrary<UsageDraft> = fc.record({ meter: fc.constantFrom('ApiCalls', 'Units', 'BackupMb'), quantity: fc.nat(250), minutesAgo });

const fault = fc.oneof(
  fc.record({
    service: fc.constant('metering'),
    error: fc.constantFrom('ThrottlingException', 'InternalServiceErrorException'),
    times: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({
    service: fc.constant('metering'),
    error: fc.record({ code: fc.constant('Unprocessed'), count: fc.integer({ min: 1, max: 4 }) }),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ service: fc.constant('metering'), error: fc.constant({ code: 'InternalServiceErrorException', after: true }), times: fc.integer({ min: 1, max: 4 }) }),
  // outages: until somebody heals them
  fc.record({
    service: fc.constant('metering'),
    error: fc.constantFrom('ThrottlingException', 'DisabledApiException', 'InternalServiceErrorException', { code: 'InternalServiceErrorException', after: true }),
    times: fc.constant(LONG),
  }),
  fc.constant({ service: 'lambda', function: 'MarketplaceMetering', drop: true, times: LONG }),
  fc.constant({ service: 'dynamodb', function: 'MarketplaceMetering', error: 'ThrottlingException', times: 2 }),
  fc.constant({ service: 'events', operation: 'PutEvents', error: 'InternalFailure', times: 6 }),
  fc.constantFrom({ duplicate: true }, { delay: 'PT25M' }, { delay: 'PT2H' }).chain((effect) =>
    fc.record({ service: fc.constantFrom('sqs', 'events'), times: fc.integer({ min: 1, max: 3 }) }).map((rest) => ({ ...rest, ...effect }))),
);

const crash = fc.record({
  service: fc.constantFrom('dynamodb', 'dynamodb', 'metering'),
  function: fc.constantFrom('MarketplaceMetering', 'MarketplaceUsageIntake', 'MarketplaceReconciliation', 'MarketplaceAgreements'),
  skip: fc.nat(25),
  crash: fc.constantFrom('before' as const, 'after' as const),
  times: fc.constant(1),
});

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ does: fc.constant('report' as const), license, records: fc.array(draft, { minLength: 1, maxLength: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('report again' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('report something else under an old id' as const), which: fc.nat(), quantity: fc.nat(250) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('report nonsense' as const), license, kind: fc.constantFrom<Nonsense[]>('not JSON', 'unknown dimension', 'negative', 'in the future') }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait' as const), minutes: fc.integer({ min: 300, max: 2000 }) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('break' as const), fault }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('crash' as const), fault: crash }) },
  { weight: 2, arbitrary: fc.constant({ does: 'heal' as const }) },
  { weight: 1, arbitrary: fc.constant({ does: 'subscribe' as const }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel' as const), license }) },
);

const contractCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 25, arbitrary: anyCommand },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('amend' as const), license, paidCalls: fc.nat(400), paidUnits: fc.nat(150) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('break' as const),
      fault: fc.record({
        service: fc.constant('entitlement'),
        error: fc.constantFrom('ThrottlingException', 'InternalServiceErrorException'),
        times: fc.integer({ min: 1, max: 12 }),
      }),
    }),
  },
);

export interface RandomStory {
  readonly start: string;
  /** Of AWS's behaviour, where it is disputed. */
  readonly settings: Readonly<Record<string, string>>;
  readonly commands: readonly Command[];
}

/** Begins anywhere, and near the ends of months, years and Februaries. */
const storyOf = (command: fc.Arbitrary<Command>): fc.Arbitrary<RandomStory> => fc.record({
  start: fc.constantFrom('2026-11-23T05:03:00Z', '2026-11-30T20:40:00Z', '2026-12-31T22:15:00Z', '2027-02-28T17:50:00Z', '2028-02-29T02:05:00Z'),
  settings: fc.record({
    'metering.identicalResend': fc.constantFrom('Success', 'DuplicateRecord'),
    'metering.finalWindow': fc.constantFrom('deprovisioned', 'ended', 'none'),
    'metering.afterWindow': fc.constantFrom('CustomerNotSubscribed', 'InvalidLicenseException'),
  }),
  commands: fc.array(command, { minLength: 25, maxLength: 35, size: 'max' }),
});

export const randomStory = storyOf(anyCommand);
/** Of a product with contracts and consumption. */
export const randomContractStory = storyOf(contractCommand);

export async function perform(command: Command, { product, reports, cancelled, contracts }: Scene): Promise<void> {
  const { sandbox, purchases } = product;
  switch (command.does) {
    case 'report':
      return reports.report(purchases[command.license % purchases.length].licenseId, command.records);
    case 'report again':
      return reports.again(command.which);
    case 'report something else under an old id':
      return reports.conflict(command.which, command.quantity);
    case 'report nonsense':
      return reports.nonsense(purchases[command.license % purchases.length].licenseId, command.kind);
    case 'wait':
      return product.advance(`PT${command.minutes}M`);
    case 'break':
      await sandbox.addFault(command.fault);
      return undefined;
    case 'crash':
      // time enough for what died to be run again before the next crash
      await sandbox.addFault(command.fault);
      return product.advance('PT25M');
    case 'heal':
      await sandbox.clearFaults();
      return undefined;
    case 'subscribe':
      if (purchases.length < MAX_LICENSES) await product.purchase(`11112222${String(3333 + purchases.length)}`, contracts?.offer());
      return undefined;
    case 'cancel': {
      const index = command.license % purchases.length;
      if (cancelled.has(index)) return undefined;
      cancelled.add(index);
      return product.cancel(index);
    }
    case 'amend': {
      const index = command.license % purchases.length;
      if (cancelled.has(index)) return undefined;
      // a purchase has to become active first
      await product.advance('PT2M');
      return contracts?.amend(index, { PaidCalls: command.paidCalls, PaidUnits: command.paidUnits });
    }
  }
}
