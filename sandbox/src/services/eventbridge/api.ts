import type { BusModel } from './model';
import { isArn } from '../../arn';
import { isoSeconds, parseInstant } from '../../clock/duration';
import { AwsError } from '../../errors';
import { EVENT_EFFECTS, FaultEffect, Effect } from '../../faults/fault';
import { jsonAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import { IdSequence } from '../../ids';
import { EventBridgeEvent } from '../../ports';

const MAX_ENTRIES = 10;
/** What only AWS itself may send. */
const AWS_SOURCES = 'aws.';
const NOT_AUTHORIZED = "Not authorized for the source. Forward AWS's events by a rule; to play one, POST /_sandbox/events";

interface Entry {
  readonly Time?: number | string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  readonly EventBusName?: string;
}

export interface EventsApiInput {
  readonly buses: readonly BusModel[];
  readonly ids: IdSequence;
  readonly account: string;
  readonly now: () => number;
  readonly put: (busName: string, event: EventBridgeEvent, effect: Effect) => void;
}

/** PutEvents. */
export class EventsApi implements ApiHandler {
  constructor(private readonly input: EventsApiInput) {}

  effects({ operation }: AwsCall): readonly FaultEffect[] {
    return operation === 'PutEvents' ? EVENT_EFFECTS : [];
  }

  async handle(call: AwsCall): Promise<HttpAnswer> {
    if (call.operation !== 'PutEvents') {
      throw new AwsError('UnknownOperationException', `the sandbox does not know events:${call.operation}`);
    }
    const entries = call.parameters.Entries as readonly Entry[] | undefined;
    if (!Array.isArray(entries) || entries.length < 1 || entries.length > MAX_ENTRIES) {
      throw new AwsError('ValidationException', `Entries must have 1 to ${MAX_ENTRIES} members`);
    }
    const results = entries.map((entry) => this.put(call, entry));
    return jsonAnswer({ FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results }, 200, 'application/x-amz-json-1.1');
  }

  private put(call: AwsCall, entry: Entry): Record<string, string> {
    const { buses, ids, now, put } = this.input;
    const detail = parseDetail(entry.Detail);
    if (!entry.Source || !entry.DetailType) {
      return failure('InvalidArgument', 'Source and DetailType are required');
    }
    if (entry.Source.startsWith(AWS_SOURCES)) {
      return failure('NotAuthorizedForSourceException', NOT_AUTHORIZED);
    }
    if (!detail) {
      return failure('MalformedDetail', 'Detail is malformed');
    }
    const bus = entry.EventBusName ?? 'default';
    const name = isArn(bus) ? bus.slice(bus.indexOf('/') + 1) : bus;
    if (name !== 'default' && !buses.some((known) => known.name === name)) {
      return failure('ResourceNotFoundException', `Event bus ${name} does not exist`);
    }
    const id = ids.next('event');
    put(bus, {
      'version': '0',
      id,
      'detail-type': entry.DetailType,
      'source': entry.Source,
      'account': call.caller?.fn.account ?? this.input.account,
      'time': isoSeconds(timeOf(entry.Time) ?? now()),
      'region': call.region,
      'resources': entry.Resources ?? [],
      detail,
    }, call.effect);
    return { EventId: id };
  }
}

function failure(ErrorCode: string, ErrorMessage: string): Record<string, string> {
  return { ErrorCode, ErrorMessage };
}

function timeOf(value: number | string | undefined): number | undefined {
  return typeof value === 'number' ? value * 1000 : value === undefined ? undefined : parseInstant(value);
}

function parseDetail(detail: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(detail ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
