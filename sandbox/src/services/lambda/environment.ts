import * as os from 'node:os';
import * as path from 'node:path';
import { layerPaths } from './layers';
import type { FunctionModel } from '../../model';

/** What a handler's process sees of the machine below: enough to start Node.js, nothing else. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];

export interface EnvironmentInput {
  readonly fn: FunctionModel;
  readonly taskRoot: string;
  readonly endpoint: string;
  readonly accessKeyId: string;
  /** Folder of modules that Lambda's runtime provides. */
  readonly runtimeModules: string;
  /** Folder that stands for `/opt`, if the function has layers. */
  readonly layers?: string;
  readonly machine: NodeJS.ProcessEnv;
}

/** The environment Lambda gives a function, with the sandbox as its AWS. */
export function functionEnvironment(input: EnvironmentInput): Record<string, string> {
  const { fn, taskRoot, endpoint, accessKeyId, runtimeModules, layers, machine } = input;
  const inherited = Object.fromEntries(INHERITED.flatMap((name) => machine[name] === undefined ? [] : [[name, machine[name]]]));
  return {
    ...inherited,
    ...layerPaths(layers, fn.runtime, runtimeModules, machine.PATH),
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    // The SDK would read the settings of the person who runs the sandbox.
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
    ...fn.environment,
    _HANDLER: fn.handler,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: path.join(__dirname, 'runtime'),
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMegabytes),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'sandbox',
    AWS_REGION: fn.region,
    AWS_DEFAULT_REGION: fn.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_SESSION_TOKEN: 'sandbox',
    AWS_ENDPOINT_URL: endpoint,
  };
}
