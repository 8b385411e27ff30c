import { nameOrArn } from '../../arn';
import { callerArn, jsonBody, list, record, operationOf, text, type ActionMapper } from '../../iam/action-request';

export const eventsActions: ActionMapper = (call, account) => {
  const operation = operationOf(call);
  if (operation !== 'PutEvents') {
    return [{ action: `events:${operation}`, resource: '*' }];
  }
  const buses = list(jsonBody(call).Entries).map((entry) => text(record(entry).EventBusName) ?? 'default');
  const resources = buses.map((bus) => nameOrArn(bus, (name) => callerArn(call, account, 'events', `event-bus/${name}`)));
  return [...new Set(resources)].map((resource) => ({ action: 'events:PutEvents', resource }));
};
