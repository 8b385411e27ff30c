import { ruleTarget } from './rule-target';
import { scheduleExpression } from './rule-trigger';
import type { Resource, ResourceTypes } from '../../template';

export const SCHEDULER_TYPES: ResourceTypes = {
  'AWS::Scheduler::Schedule': {
    reference: scheduleName,
    attributes: { Arn: scheduleArn },
    build: (resource, model) => {
      const timezone = resource.get('ScheduleExpressionTimezone').string('UTC');
      if (!isTimezone(timezone)) {
        resource.get('ScheduleExpressionTimezone').place.fail(`"${timezone}" is not a time zone: expected a name such as Europe/Paris.`);
      }
      for (const feature of ['StartDate', 'EndDate'].filter((name) => resource.get(name).exists)) {
        resource.unsupported(`${feature} of a schedule`);
      }
      model.rules.push({
        ...resource.origin(),
        name: scheduleName(resource),
        arn: scheduleArn(resource),
        busName: 'default',
        region: resource.stack.region,
        account: resource.stack.account,
        enabled: resource.get('State').string('ENABLED') !== 'DISABLED',
        schedule: scheduleExpression(resource.get('ScheduleExpression')),
        timezone,
        targets: [ruleTarget(resource, resource.get('Target'))],
      });
    },
  },
  'AWS::Scheduler::ScheduleGroup': {
    reference: groupName,
    attributes: { Arn: (resource) => resource.arn('scheduler', `schedule-group/${groupName(resource)}`) },
  },
};

function scheduleName(resource: Resource): string {
  return resource.get('Name').string(resource.generatedName());
}

function scheduleArn(resource: Resource): string {
  return resource.arn('scheduler', `schedule/${resource.get('GroupName').string('default')}/${scheduleName(resource)}`);
}

function groupName(resource: Resource): string {
  return resource.get('Name').string(resource.generatedName());
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
