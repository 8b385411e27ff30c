import { ACCOUNTS } from './accounts';
import { CONSUMPTION } from './consumption';
import { CONTRACTS } from './contracts';
import { EVENTS } from './events';
import { LEGACY } from './legacy';
import { SUBSCRIPTIONS } from './subscriptions';
import { Scenario } from '../scenario';

/** Every scenario that `npm run demo -- --scenario` plays. */
export const SCENARIOS: readonly Scenario[] = [...CONTRACTS, ...CONSUMPTION, ...SUBSCRIPTIONS, ...EVENTS, ...LEGACY, ...ACCOUNTS];
