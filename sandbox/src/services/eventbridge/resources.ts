import { ruleTarget } from './rule-target';
import { eventPattern, scheduleExpression } from './rule-trigger';
import { nameOf } from '../../arn';
import type { Resource, ResourceTypes } from '../../template';

const DEFAULT_BUS = 'default';

export const EVENTBRIDGE_TYPES: ResourceTypes = {
  'AWS::Events::EventBus': {
    reference: busName,
    attributes: { Arn: busArn, Name: busName },
    build: (resource, model) => {
      model.buses.push({ ...resource.origin(), name: busName(resource), arn: busArn(resource) });
    },
  },
  'AWS::Events::EventBusPolicy': {},
  'AWS::Events::Connection': {
    reference: ownName,
    attributes: {
      Arn: (resource) => resource.arn('events', `connection/${ownName(resource)}/${resource.logicalId}`),
      SecretArn: (resource) => resource.arn('secretsmanager', `secret:events!connection/${ownName(resource)}`),
    },
  },
  'AWS::Events::ApiDestination': {
    reference: ownName,
    attributes: { Arn: destinationArn },
    build: (resource, model) => {
      model.apiDestinations.push({
        ...resource.origin(),
        arn: destinationArn(resource),
        method: resource.get('HttpMethod').string(),
        url: resource.get('InvocationEndpoint').string(),
      });
    },
  },
  'AWS::Events::Archive': {
    reference: archiveName,
    attributes: { Arn: (resource) => resource.arn('events', `archive/${archiveName(resource)}`), ArchiveName: archiveName },
  },
  'AWS::Events::Rule': {
    reference: (resource) => ruleBus(resource) === DEFAULT_BUS ? ruleName(resource) : `${ruleBus(resource)}|${ruleName(resource)}`,
    attributes: { Arn: ruleArn },
    build: (resource, model) => {
      const pattern = resource.get('EventPattern');
      const schedule = resource.get('ScheduleExpression');
      model.rules.push({
        ...resource.origin(),
        name: ruleName(resource),
        arn: ruleArn(resource),
        busName: ruleBus(resource),
        region: resource.stack.region,
        account: resource.stack.account,
        enabled: resource.get('State').string('ENABLED') !== 'DISABLED',
        ...(pattern.exists && { pattern: eventPattern(pattern) }),
        ...(schedule.exists && { schedule: scheduleExpression(schedule) }),
        targets: resource.get('Targets').list().map((target) => ruleTarget(resource, target)),
      });
    },
  },
};

function busName(resource: Resource): string {
  return resource.get('Name').string();
}

function busArn(resource: Resource): string {
  return resource.arn('events', `event-bus/${busName(resource)}`);
}

/** Of a connection or an API destination. */
function ownName(resource: Resource): string {
  return resource.get('Name').string(resource.generatedName());
}

function destinationArn(resource: Resource): string {
  return resource.arn('events', `api-destination/${ownName(resource)}/${resource.logicalId}`);
}

function archiveName(resource: Resource): string {
  return resource.get('ArchiveName').string(resource.generatedName(48));
}

function ruleName(resource: Resource): string {
  return resource.get('Name').string(resource.generatedName());
}

/** `EventBusName` may be a name or an ARN. */
function ruleBus(resource: Resource): string {
  return nameOf(resource.get('EventBusName').string(DEFAULT_BUS));
}

function ruleArn(resource: Resource): string {
  const bus = ruleBus(resource);
  return resource.arn('events', `rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${ruleName(resource)}`);
}
