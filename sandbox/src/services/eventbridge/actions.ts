import { arn, jsonBody, list, record, targetOperation, text, type ActionMapper } from '../../iam/action-request';

export const eventsActions: ActionMapper = (request) => {
  const operation = targetOperation(request);
  if (operation !== 'PutEvents') {
    return [{ action: `events:${operation}`, resource: '*' }];
  }
  const buses = list(jsonBody(request).Entries).map((entry) => text(record(entry).EventBusName) ?? 'default');
  const resources = buses.map((bus) => bus.startsWith('arn:') ? bus : arn(request, 'events', `event-bus/${bus}`));
  return [...new Set(resources)].map((resource) => ({ action: 'events:PutEvents', resource }));
};
