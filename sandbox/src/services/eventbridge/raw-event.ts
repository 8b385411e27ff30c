import { isoSeconds } from '../../clock/duration';
import { ControlError } from '../../errors';
import type { EventBridgeEvent } from '../../ports';

export interface RawEventDefaults {
  readonly id: () => string;
  readonly now: number;
  readonly account: string;
}

/** An EventBridge event as posted: `source`, `detail-type` and `detail` are needed, the rest of the envelope is filled in. */
export function rawEvent(body: unknown, defaults: RawEventDefaults): EventBridgeEvent {
  const given = typeof body === 'object' && body !== null ? body as Record<string, unknown> : {};
  const text = (name: string, fallback: () => string): string => {
    const value = given[name] ?? fallback();
    if (typeof value !== 'string' || value === '') {
      throw invalid(`${name} must be a string`);
    }
    return value;
  };
  const needed = (name: string) => () => {
    throw invalid(`${name} is needed`);
  };
  const { detail, resources = [] } = given;
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) {
    throw invalid('detail must be an object');
  }
  if (!Array.isArray(resources)) {
    throw invalid('resources must be a list');
  }
  return {
    'version': '0',
    'id': text('id', defaults.id),
    'detail-type': text('detail-type', needed('detail-type')),
    'source': text('source', needed('source')),
    'account': text('account', () => defaults.account),
    'time': text('time', () => isoSeconds(defaults.now)),
    'region': text('region', () => 'us-east-1'),
    'resources': resources.map(String),
    'detail': detail as Record<string, unknown>,
  };
}

function invalid(message: string): ControlError {
  return new ControlError(400, 'InvalidEvent', message);
}
