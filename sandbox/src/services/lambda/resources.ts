import { eventInvokeConfig, eventSourceMapping } from './event-source-resources';
import { codeOf } from './function-code';
import { runsHere } from './launch-command';
import { layersOf, layerVersion } from './layers';
import { referredFunctionArn } from './referred-function';
import type { FunctionModel } from '../../model';
import type { Resource, ResourceTypes, Value } from '../../template';
import { servesCdkOnly } from '../cloudformation/cdk-resources';

export const LAMBDA_TYPES: ResourceTypes = {
  'AWS::Lambda::Function': {
    reference: functionName,
    attributes: { Arn: functionArn },
    build: (resource, model) => {
      if (servesCdkOnly(resource, functionArn(resource))) {
        return;
      }
      for (const feature of ['ImageConfig', 'FileSystemConfigs', 'DurableConfig']) {
        if (resource.get(feature).exists) {
          resource.unsupported(`the function property ${feature}`);
        }
      }
      const command = commandOf(resource);
      if (command === undefined && resource.get('PackageType').string('Zip') !== 'Zip') {
        resource.unsupported(`functions from container images (--run ${resource.logicalId}='…' gives a command that runs it)`);
        return;
      }
      const runtime = resource.get('Runtime').string('none');
      if (command === undefined && !runsHere(runtime)) {
        resource.unsupported(`functions in ${runtime} (--run ${resource.logicalId}='…' gives a command that runs it)`);
        return;
      }
      model.functions.push({ ...functionModel(resource), ...command !== undefined && { command } });
    },
  },
  // Versions and aliases are the function itself: there is only one version in the sandbox.
  'AWS::Lambda::Version': {
    reference: referredFunctionArn,
    attributes: { Version: () => '1', FunctionArn: referredFunctionArn },
  },
  'AWS::Lambda::Alias': {
    reference: referredFunctionArn,
    attributes: { AliasArn: referredFunctionArn },
  },
  'AWS::Lambda::LayerVersion': layerVersion,
  'AWS::Lambda::Permission': {},
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
};

/** By name, logical id, or the start of the logical id: the CDK adds a hash to it. */
function commandOf(resource: Resource): string | undefined {
  const names = [functionName(resource), resource.logicalId];
  const given = Object.entries(resource.stack.deployment.given('run'));
  return (given.find(([name]) => names.includes(name)) ?? given.find(([name]) => resource.logicalId.startsWith(name)))?.[1];
}

function functionName(resource: Resource): string {
  return resource.get('FunctionName').string(resource.generatedName());
}

function functionArn(resource: Resource): string {
  return resource.arn('lambda', `function:${functionName(resource)}`);
}

function functionModel(resource: Resource): FunctionModel {
  const reservedConcurrency = resource.get('ReservedConcurrentExecutions').optionalNumber();
  const layers = layersOf(resource);
  const deadLetterArn = resource.get('DeadLetterConfig').get('TargetArn').optionalString();
  return {
    ...resource.origin(),
    name: functionName(resource),
    arn: functionArn(resource),
    region: resource.stack.region,
    account: resource.stack.account,
    ...codeOf(resource, 'Code'),
    handler: resource.get('Handler').string(''),
    runtime: resource.get('Runtime').string('none'),
    timeoutSeconds: resource.get('Timeout').number(3),
    memoryMegabytes: resource.get('MemorySize').number(128),
    environment: environment(resource.get('Environment').get('Variables')),
    roleArn: resource.get('Role').string(),
    ...(layers.length > 0 && { layers }),
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}

function environment(variables: Value): Record<string, string> {
  return Object.fromEntries(Object.keys(variables.exists ? variables.record() : {}).map((name) => [name, variables.get(name).string()]));
}
