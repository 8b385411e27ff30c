import type { QueueModel } from './model';
import type { SandboxModel } from '../../model';

/** Properties of the model that name where failed work goes. */
const DEAD_LETTER_PROPERTIES = new Set(['deadLetterArn', 'deadLetterTargetArn', 'onFailureArn']);

/** Queues that take what something else could not process: a queue, topic, function, rule, or whatever a service has. */
export function deadLetterQueues(model: SandboxModel): QueueModel[] {
  const arns = deadLetterArns(model);
  return model.queues.filter((queue) => arns.has(queue.arn));
}

function deadLetterArns(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) {
    return found;
  }
  for (const [key, member] of Object.entries(value)) {
    if (DEAD_LETTER_PROPERTIES.has(key) && typeof member === 'string') {
      found.add(member);
    } else {
      deadLetterArns(member, found);
    }
  }
  return found;
}
