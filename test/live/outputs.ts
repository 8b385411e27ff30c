import { readFileSync } from 'node:fs';
import { Refusal } from './options';

/** Outputs that checks use. */
export const NEEDED_OUTPUTS = ['FulfillmentUrl', 'UsageQueueUrl', 'UsageTableName'];

/** Outputs of the example, and the name of its stack where the file has it. */
export interface ExampleOutputs {
  readonly outputs: Record<string, string>;
  readonly stack?: string;
}

/**
 * Outputs of the example: of `cdk deploy --outputs-file` or the `stacks` of the sandbox (by stack), or its `outputs` (by name).
 * @throws Refusal when the file cannot be read, or lacks one that checks use
 */
export function readOutputs(file: string): ExampleOutputs {
  const content = contentOf(file);
  const outputs = flat(content);
  const missing = NEEDED_OUTPUTS.filter((name) => outputs[name] === undefined);
  if (missing.length > 0) {
    throw new Refusal(`--outputs ${file} has no ${missing.join(', ')}: give the outputs of examples/typescript`);
  }
  const stack = Object.entries(content ?? {}).find(([, output]) => typeof output === 'object' && output !== null)?.[0];
  return { outputs, ...stack !== undefined && { stack } };
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Refusal(`--outputs ${file} cannot be read: ${(error as Error).message}`);
  }
}

function flat(value: unknown): Record<string, string> {
  const entries = Object.entries(value ?? {}).flatMap(([name, output]) => (
    typeof output === 'object' && output !== null ? Object.entries(output) : [[name, output]]
  ));
  return Object.fromEntries(entries.map(([name, output]) => [name, String(output)]));
}
