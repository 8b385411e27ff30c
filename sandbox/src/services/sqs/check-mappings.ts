import type { SandboxModel } from '../../model';
import { AssemblyError } from '../../template';

/** A message must not come back while its function may still process it: AWS refuses to create such a mapping. */
export function checkVisibilityTimeouts({ eventSourceMappings, queues, functions }: Pick<SandboxModel, 'eventSourceMappings' | 'queues' | 'functions'>): void {
  for (const mapping of eventSourceMappings) {
    const queue = queues.find(({ arn }) => arn === mapping.eventSourceArn);
    const fn = functions.find(({ arn }) => arn === mapping.functionArn);
    if (queue && fn && queue.visibilityTimeoutSeconds < fn.timeoutSeconds) {
      throw new AssemblyError(`Stack ${mapping.stack}, resource ${mapping.logicalId} (AWS::Lambda::EventSourceMapping): `
        + `Queue visibility timeout: ${queue.visibilityTimeoutSeconds} seconds is less than Function timeout: ${fn.timeoutSeconds} seconds. `
        + `Give the queue ${queue.logicalId} a VisibilityTimeout of at least ${fn.timeoutSeconds}, better six times that, `
        + `or the function ${fn.logicalId} a Timeout of at most ${queue.visibilityTimeoutSeconds}.`);
    }
  }
}
