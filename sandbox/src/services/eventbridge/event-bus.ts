import { isApiDestination } from './api-destinations';
import { EventHistory } from './event-history';
import { renderInput } from './input';
import type { RuleModel, RuleTarget } from './model';
import { compilePattern, type EventMatcher } from './pattern';
import { accountOf, areDifferentAccounts, isArn, NO_ACCOUNT, regionOf, serviceOf } from '../../arn';
import { isoSeconds } from '../../clock/duration';
import { WorkLoop } from '../../clock/work-loop';
import { LostEvents } from '../../control/lost-events';
import { DeliveryError } from '../../errors';
import { IdSequence } from '../../ids';
import type { Log } from '../../ports';
import { Clock, EventBridgeEvent } from '../../ports';
import { Destinations } from '../../wiring/destinations';

/** Waits of EventBridge's retries grow exponentially up to this. */
const LONGEST_RETRY_MILLIS = 3_600_000;

export interface BusInput {
  readonly rules: readonly RuleModel[];
  readonly clock: Clock;
  readonly loop: WorkLoop;
  readonly log: Log;
  readonly history: EventHistory;
  readonly destinations: Destinations;
  readonly ids: IdSequence;
  readonly lost: LostEvents;
  /** The message of EventBridge's own error when it may not invoke the function; undefined: it may, or the target is no function. */
  readonly refusedInvocation: (targetArn: string) => string | undefined;
  /** Whether a hop to another region replaces id and time of the event. */
  readonly hopReplacesEnvelope: () => boolean;
}

/** Matches events with rules, and delivers them to targets with EventBridge's retries and dead-letter queues. */
export class EventBus {
  private readonly patterns: readonly { readonly rule: RuleModel; readonly matches: EventMatcher }[];

  constructor(private readonly input: BusInput) {
    this.patterns = input.rules.flatMap((rule) => rule.enabled && rule.pattern ? [{ rule, matches: compilePattern(rule.pattern) }] : []);
  }

  /** `bus`: name, or ARN when it is in another account or region than the event. */
  put(bus: string, event: EventBridgeEvent): void {
    const { name, region, account } = address(bus, event);
    if (name !== 'default') {
      this.input.history.add(name, event);
    }
    for (const { rule, matches } of this.patterns) {
      if (rule.busName !== name || leadsTo(rule, bus) || !matches(event)) {
        continue;
      }
      if (rule.region === region && !areDifferentAccounts(rule.account, account)) {
        this.fire(rule, event);
      } else {
        this.input.log.info(`rule ${rule.name} (${rule.account}, ${rule.region}) matches ${event['detail-type']}, but the event is on the ${name} bus of ${account}, ${region}: forward it`);
      }
    }
  }

  /** Sends an event to the targets of a rule, as its pattern or its schedule asks. */
  fire(rule: RuleModel, event: EventBridgeEvent): void {
    const since = this.input.clock.now();
    for (const target of rule.targets) {
      this.input.loop.ready(`rule ${rule.name} to ${target.arn}`, () => this.deliver(rule, target, event, since, 1));
    }
  }

  private async deliver(rule: RuleModel, target: RuleTarget, event: EventBridgeEvent, since: number, attempt: number): Promise<void> {
    const { clock, destinations, loop, refusedInvocation } = this.input;
    const body = renderInput(target, event, rule, attempt);
    try {
      const refusal = refusedInvocation(target.arn);
      if (refusal !== undefined) {
        throw new DeliveryError(refusal);
      }
      const sent = { body, event: this.forwarded(rule, target, event), groupId: target.messageGroupId };
      if (!await destinations.send(target.arn, sent)) {
        this.lose(rule, target, 'there is no such target in the sandbox');
      }
    } catch (error) {
      const wait = Math.min(LONGEST_RETRY_MILLIS, 1000 * 2 ** (attempt - 1));
      const tooOld = clock.now() + wait - since > target.maximumEventAgeSeconds * 1000;
      if (attempt <= target.maximumRetryAttempts && !tooOld) {
        loop.at(clock.now() + wait, `rule ${rule.name} to ${target.arn}`, () => this.deliver(rule, target, event, since, attempt + 1));
        return;
      }
      await this.giveUp(rule, target, body, error as Error);
    }
  }

  private lose(rule: RuleModel, target: RuleTarget, reason: string): void {
    this.input.lost.add(this.input.clock.now(), { from: rule.name, to: target.arn, reason });
    this.input.log.warn(`rule ${rule.name}: an event was lost on its way to ${target.arn}: ${reason}`);
  }

  /** The event as it arrives on another bus: a hop between regions gives it another id and the time of its arrival. */
  private forwarded(rule: RuleModel, target: RuleTarget, event: EventBridgeEvent): EventBridgeEvent {
    const { clock, hopReplacesEnvelope, ids } = this.input;
    const isRegionalHop = serviceOf(target.arn) === 'events' && !isApiDestination(target.arn) && regionOf(target.arn) !== rule.region;
    return isRegionalHop && hopReplacesEnvelope() ? { ...event, id: ids.next('event'), time: isoSeconds(clock.now()) } : event;
  }

  private async giveUp(rule: RuleModel, target: RuleTarget, body: string, error: Error): Promise<void> {
    const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
    const kept = target.deadLetterArn !== undefined && await this.input.destinations.send(target.deadLetterArn, {
      body,
      attributes: {
        RULE_ARN: attribute(rule.arn),
        TARGET_ARN: attribute(target.arn),
        ERROR_CODE: attribute('SDK_CLIENT_ERROR'),
        ERROR_MESSAGE: attribute(error.message || 'unknown'),
      },
    });
    if (!kept) {
      this.lose(rule, target, error.message);
    }
  }
}

function address(bus: string, { region, account }: EventBridgeEvent): { readonly name: string; readonly region: string; readonly account: string } {
  return isArn(bus)
    ? { name: bus.slice(bus.indexOf('/') + 1), region: regionOf(bus), account: accountOf(bus) }
    : { name: bus, region, account };
}

/** A rule of an unnamed account that forwards to a bus is on another one, or it would forward for ever. */
function leadsTo(rule: RuleModel, bus: string): boolean {
  return rule.account === NO_ACCOUNT && rule.targets.some(({ arn }) => arn === bus);
}
