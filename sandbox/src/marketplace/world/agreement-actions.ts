import type { AgreementEvents } from './agreement-events';
import { agreementState } from './agreement-views';
import { changedTerms, requireEmptyBody, tokenSource } from './control-requests';
import { setUpAccount } from './fulfillment';
import type { MarketplaceIds } from './ids';
import type { Lifecycle } from './lifecycle';
import type { MarketplaceState } from './marketplace-state';
import type { Agreement, EndReason } from './types';
import { ControlError } from '../../errors';
import type { Clock } from '../../ports';
import type { Settings } from '../settings/settings';

type Action = (agreement: Agreement, body: unknown) => unknown;

const ENDS: Readonly<Record<string, EndReason>> = { cancel: 'CANCELLED', expire: 'EXPIRED', terminate: 'TERMINATED' };

/** What buyer, seller and AWS do to an agreement after the purchase. */
export class AgreementActions {
  private readonly actions: ReadonlyMap<string, Action> = new Map<string, Action>([
    ['amend', (agreement, body) => this.amend(agreement, body)],
    ['renew', (agreement, body) => this.succeed(agreement, 'RENEW', body)],
    ['replace', (agreement, body) => this.succeed(agreement, 'REPLACE', body)],
    ...Object.entries(ENDS).map(([name, reason]): [string, Action] => [name, (agreement, body) => this.end(agreement, reason, body)]),
    ['token', (agreement, body) => this.token(agreement, body)],
    ['suspend', (agreement, body) => this.suspend(agreement, true, body)],
    ['resume', (agreement, body) => this.suspend(agreement, false, body)],
    ['advise', (agreement, body) => this.advise(agreement, 'Issued', body)],
    ['resolve-advisory', (agreement, body) => this.advise(agreement, 'Resolved', body)],
  ]);

  constructor(
    private readonly clock: Clock,
    private readonly state: MarketplaceState,
    private readonly ids: MarketplaceIds,
    private readonly settings: Settings,
    private readonly lifecycle: Lifecycle,
    private readonly events: AgreementEvents,
  ) {}

  run(agreementId: string, name: string, body: unknown): unknown {
    const agreement = this.state.agreements.get(agreementId);
    if (!agreement) {
      throw new ControlError(404, 'UnknownAgreement', `There is no agreement '${agreementId}'`);
    }
    const action = this.actions.get(name);
    if (!action) {
      throw new ControlError(404, 'UnknownAction', `There is no action '${name}'; there are: ${[...this.actions.keys()].join(', ')}`);
    }
    return action(agreement, body);
  }

  private amend(agreement: Agreement, body: unknown): unknown {
    requireActive(agreement);
    this.lifecycle.amend(agreement, changedTerms(body, agreement, Math.max(this.clock.now(), agreement.startTime)));
    return this.view(agreement);
  }

  private succeed(agreement: Agreement, intent: 'RENEW' | 'REPLACE', body: unknown): unknown {
    requireActive(agreement);
    return this.view(this.lifecycle.succeed(agreement, intent, changedTerms(body, agreement, this.clock.now())));
  }

  private end(agreement: Agreement, reason: EndReason, body: unknown): unknown {
    requireEmptyBody(body);
    requireActive(agreement);
    this.lifecycle.end(agreement, reason);
    return this.view(agreement);
  }

  private token(agreement: Agreement, body: unknown): unknown {
    requireActive(agreement);
    return setUpAccount(agreement, tokenSource(body), this.clock.now(), this.state, this.ids, this.settings);
  }

  private suspend(agreement: Agreement, suspended: boolean, body: unknown): unknown {
    requireEmptyBody(body);
    if (suspended) {
      this.state.suspended.add(agreement.customerAwsAccountId);
    } else {
      this.state.suspended.delete(agreement.customerAwsAccountId);
    }
    if (this.settings.get('events.advisoryOnSuspension')) {
      this.events.advisory(agreement, suspended ? 'Issued' : 'Resolved');
    }
    return this.view(agreement);
  }

  private advise(agreement: Agreement, kind: 'Issued' | 'Resolved', body: unknown): unknown {
    requireEmptyBody(body);
    this.events.advisory(agreement, kind);
    return this.view(agreement);
  }

  private view(agreement: Agreement): unknown {
    return agreementState(agreement, this.clock.now(), this.state.suspended.has(agreement.customerAwsAccountId));
  }
}

function requireActive(agreement: Agreement): void {
  if (agreement.status !== 'ACTIVE') {
    throw new ControlError(409, 'AgreementNotActive', `Agreement ${agreement.agreementId} is ${agreement.status}, not ACTIVE`);
  }
}
